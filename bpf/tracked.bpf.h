/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* Accounts of sockets in a table of their own, by the socket's address, for kernels without storage in sockets.
 *
 * Two programs write an account: that of the life cycle and that of arriving data. Both run under the socket's lock, so an account has one
 * writer at a time and what they read of the socket is exact. The iterators hold no lock and change nothing that counts. */
#pragma once

/* Deleted at the close, by the program that handles it: until the event is over the address is nobody else's. */
struct tracked {
	struct flow_key key; /* family 0 until the connection is established; role from the beginning */
	__u64 start_ns;
	__u64 sent; /* what the flow has already */
	__u64 received;
	__u64 retransmitted;
	__u64 base_sent; /* what was there before we looked */
	__u64 base_received;
	__u64 touched_ns; /* begun, established or last moved */
	__u64 closed_ns;  /* 0: live. Not 0 in what a fold still holds of an account that was deleted */
	__u32 ports;
	__u32 opened;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct tracked);
} tracked SEC(".maps");

/* Who listens: accepted sockets do not tell whose they are. */
struct listener_key {
	__u32 netns;
	__u32 port;
};

struct listener {
	__u64 sk;
	char comm[COMM_LENGTH];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct listener_key);
	__type(value, struct listener);
} listeners SEC(".maps");

/* Closes that were handled, so that a second program that sees the same one, perhaps of another generation, does not take the socket for
 * one never counted. The next beginning at the address takes it away. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, __u8);
} handled SEC(".maps");

/* What folds know of a socket. They alone write it: an account's memory may become another socket's while a fold holds it. */
struct looked {
	__u64 start_ns; /* of the account */
	struct rest rest;
	__u64 told_sent; /* in user space's totals, and perhaps not in the flow yet */
	__u64 told_received;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct looked);
} looked SEC(".maps");

/* Data moves a socket's counts on at most this often: a poll is not more frequent, and most segments then cost one look into the table. */
enum { MOVE_NS = 100000000 };
/* After that a fold forgets an account whose socket is another one. */
enum { FORGET_NS = 1000000000 };

static __always_inline struct tracked *tracked_of(struct sock *sk)
{
	__u64 address = (__u64)sk;

	return bpf_map_lookup_elem(&tracked, &address);
}

static __always_inline __u32 ports_of(struct sock *sk)
{
	struct inet_sock *inet = (struct inet_sock *)sk;

	return (__u32)READ(inet, inet_sport) << 16 | READ(sk, __sk_common.skc_dport);
}

static __always_inline __u32 netns_of(struct sock *sk)
{
	struct net *net = READ(sk, __sk_common.skc_net.net);

	return READ(net, ns.inum);
}

/* Whether the account is of the connection that lies at this address now. Both ends' addresses and ports and the namespace name a
 * connection among those that live; a later one of the same name replaces the account when it begins. */
static __always_inline bool is_of(const struct tracked *entry, struct sock *sk)
{
	struct flow_key now = {};
	const __u64 *a = (const __u64 *)&entry->key;
	const __u64 *b = (const __u64 *)&now;

	fill_addresses(&now, sk);
	return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3] && entry->ports == ports_of(sk) &&
	       entry->key.netns == netns_of(sk);
}

static __always_inline __u64 mixed(__u64 name, __u64 word)
{
	name = (name ^ word) * 0x9e3779b97f4a7c15ULL;
	return name ^ name >> 29;
}

/* What a connection is carried over a detach by. These kernels give programs of this kind no socket cookie. */
static __always_inline __u64 name_of(const struct tracked *entry)
{
	const __u64 *words = (const __u64 *)&entry->key;
	__u64 name = mixed(entry->ports, entry->key.netns);

	name = mixed(mixed(name, words[0]), words[1]);
	return mixed(mixed(name, words[2]), words[3]);
}

static __always_inline __u16 local_port(struct sock *sk)
{
	struct inet_sock *inet = (struct inet_sock *)sk;

	return from_network(READ(inet, inet_sport)); /* not skc_num, which is gone when the close is seen */
}

static __always_inline void take_role(struct tracked *entry, struct sock *sk, __u8 role)
{
	entry->key.role = role;
	entry->key.server_port = role == ROLE_SERVER ? local_port(sk) : from_network(READ(sk, __sk_common.skc_dport));
}

static __always_inline void fill_tracked(struct tracked *entry, struct sock *sk)
{
	fill_addresses(&entry->key, sk);
	entry->key.cgroup_id = cgroup_of(sk);
	entry->key.netns = netns_of(sk);
	entry->ports = ports_of(sk);
	take_role(entry, sk, entry->key.role);
	entry->key.family = READ(sk, __sk_common.skc_family);
}

static __always_inline void fill_listener_comm(struct tracked *entry)
{
	struct listener_key key = {.netns = entry->key.netns, .port = entry->key.server_port};
	struct listener *listener;

	if (entry->key.role != ROLE_SERVER || entry->key.comm[0])
		return;
	listener = bpf_map_lookup_elem(&listeners, &key);
	if (listener)
		__builtin_memcpy(entry->key.comm, listener->comm, COMM_LENGTH);
}

/* Null when the table is full. */
static __always_inline struct tracked *track(struct sock *sk, const struct tracked *entry, __u64 flags)
{
	__u64 address = (__u64)sk;

	bpf_map_update_elem(&tracked, &address, entry, flags);
	return bpf_map_lookup_elem(&tracked, &address);
}

static __always_inline __u64 advance(__u64 *counted, __u64 now)
{
	__u64 before = *counted;

	if (now <= before)
		return 0;
	*counted = now;
	return now - before;
}

/* What the account has not told its flow yet. */
static __always_inline void move(struct tracked *entry, struct tcp_sock *tcp, const struct payload *payload, struct change *change)
{
	change->moved.sent = advance(&entry->sent, payload->sent);
	change->moved.received = advance(&entry->received, payload->received);
	change->retransmitted = advance(&entry->retransmitted, READ(tcp, bytes_retrans));
}
