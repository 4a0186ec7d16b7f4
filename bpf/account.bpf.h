/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* The tables, and how counts get into them. */
#pragma once

enum { OPENED = 1, FINAL = 2 };

/* A socket's account. It lives as long as the socket: a close marks it final instead of deleting it, so that nobody can take the
 * socket for one never counted. */
struct connection {
	__u64 start_ns;
	__u64 sent; /* what the flow has already */
	__u64 received;
	__u64 retransmitted;
	__u64 base_sent; /* what was there before we looked */
	__u64 base_received;
	__u64 seen_received; /* last reading of bytes_received, and since when it is so */
	__u64 seen_since_ns;
	__u64 once; /* OPENED, FINAL */
	__u64 role; /* 0: a listener's, kept for its comm */
	char comm[COMM_LENGTH];
};

/* What one look at a connection adds to its flow. */
struct change {
	struct payload moved;
	struct payload closed_payload;
	__u64 opened;
	__u64 closed;
	__u64 failed;
	__u64 retransmitted;
	__u64 rtt_us;
	__u64 rtt_samples;
	__u64 lifetime_ns;
	__u64 now_ns; /* of the look; a clock is read once per look, it is not cheap everywhere */
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct connection);
} connections SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct flow_key);
	__type(value, struct flow);
} flows SEC(".maps");

/* Takes the counts when flows is full; keys have port and role only. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct flow_key);
	__type(value, struct flow);
} overflow SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, struct flow_key);
	__type(value, __u8);
} retiring SEC(".maps");

/* The change of state that on_state saw last on this CPU. */
struct event {
	__u64 sk;
	__u64 state;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event);
} latest SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, struct socket_account);
} carried SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct control);
} control SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, COUNTERS);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

static const struct flow no_counts;

static __always_inline void count(__u32 index, __u64 amount)
{
	__u64 *counter = bpf_map_lookup_elem(&counters, &index);

	if (counter)
		__sync_fetch_and_add(counter, amount);
}

static __always_inline struct control *the_control(void)
{
	__u32 only = 0;

	return bpf_map_lookup_elem(&control, &only);
}

/* Moves *counted up to `now`. Returns by how much; 0 when somebody else was there first. */
static __always_inline __u64 advance(__u64 *counted, __u64 now)
{
#ifdef MUTANT_NO_CAS
	__u64 before = *(volatile __u64 *)counted;

	if (now <= before)
		return 0;
	*(volatile __u64 *)counted = now;
	return now - before;
#else
	/* At most one fold and one close per generation compete, and each that wins leaves: eight rounds cannot run out. */
	for (int round = 0; round < 8; round++) {
		__u64 before = *(volatile __u64 *)counted;

		if (now <= before)
			return 0;
		if (__sync_val_compare_and_swap(counted, before, now) == before)
			return now - before;
	}
	return 0;
#endif
}

/* The flow that counts of this key go to: slot 0, or slot 1 while slot 0 retires (and until slot 1 itself is retired). Null when the
 * table is full. */
static __always_inline struct flow *flow_of(struct flow_key *key)
{
	struct flow *first, *second;

	first = bpf_map_lookup_elem(&flows, key);
	if (first && !first->retiring)
		return first;
	key->slot = 1;
	second = bpf_map_lookup_elem(&flows, key);
	if (second && !second->retiring)
		return second;
	key->slot = first ? 1 : 0;
	bpf_map_update_elem(&flows, key, &no_counts, BPF_NOEXIST);
	return bpf_map_lookup_elem(&flows, key);
}

static __always_inline struct flow *overflow_of(struct flow_key *key)
{
	struct flow_key coarse = {.server_port = key->server_port, .role = key->role};
	struct flow *flow;

	flow = bpf_map_lookup_elem(&overflow, &coarse);
	if (flow)
		return flow;
	bpf_map_update_elem(&overflow, &coarse, &no_counts, BPF_NOEXIST);
	return bpf_map_lookup_elem(&overflow, &coarse);
}

static __always_inline void fill_key(struct flow_key *key, struct tcp_sock *tcp, struct connection *connection)
{
	struct inet_sock *inet = &tcp->inet_conn.icsk_inet;
	struct sock *sk = &inet->sk;
	__u8 role = connection->role;

	fill_addresses(key, sk);
	key->cgroup_id = cgroup_of(sk);
	key->netns = sk->__sk_common.skc_net.net->ns.inum;
	key->server_port = from_network(role == ROLE_SERVER ? inet->inet_sport : sk->__sk_common.skc_dport);
	key->role = role;
	key->family = sk->__sk_common.skc_family;
	__builtin_memcpy(key->comm, connection->comm, COMM_LENGTH);
}

static __always_inline void add(__u64 *total, __u64 amount)
{
	if (amount)
		__sync_fetch_and_add(total, amount);
}

static __always_inline bool is_empty(const struct change *change)
{
	return !(change->moved.sent | change->moved.received | change->opened | change->closed | change->failed | change->retransmitted);
}

static __always_inline void add_change(struct flow *flow, const struct change *change)
{
	if (!flow->born_ns)
		__sync_val_compare_and_swap(&flow->born_ns, 0, change->now_ns);
	if (is_empty(change))
		return;
	add(&flow->sent, change->moved.sent);
	add(&flow->received, change->moved.received);
	add(&flow->closed_sent, change->closed_payload.sent);
	add(&flow->closed_received, change->closed_payload.received);
	add(&flow->opened, change->opened);
	add(&flow->closed, change->closed);
	add(&flow->failed, change->failed);
	add(&flow->retransmitted, change->retransmitted);
	add(&flow->rtt_us, change->rtt_us);
	add(&flow->rtt_samples, change->rtt_samples);
	add(&flow->closed_lifetime_ns, change->lifetime_ns);
	flow->changed_ns = change->now_ns;
}

/* Returns the flow that took it; null when there was no room, which is counted. */
static __always_inline struct flow *account(struct flow_key *key, const struct change *change)
{
	struct flow *flow;

	flow = flow_of(key);
	if (!flow) {
		flow = overflow_of(key);
		if (!is_empty(change))
			count(flow ? COUNT_OVERFLOWED : COUNT_LOST_FLOWS, 1);
	}
	if (flow)
		add_change(flow, change);
	else
		count(COUNT_LOST_BYTES, change->moved.sent + change->moved.received);
	return flow;
}
