/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* The tables of flows, and how counts get into them.
 *
 * OLDER_KERNEL, defined by whoever includes this, does without what came late: compare-and-swap (5.12) and allocation inside programs of
 * the older kinds, which the kernel warned of until 6.1. */
#pragma once

#ifdef OLDER_KERNEL
enum { ALLOCATION = 0 };
#else
enum { ALLOCATION = BPF_F_NO_PREALLOC };
#endif

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
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, ALLOCATION);
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

/* Flows that are to take no more counts. User space alone writes here: for an iterator to mark them, or, on older kernels, for every count
 * to look. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, ALLOCATION);
	__uint(max_entries, 8192);
	__type(key, struct flow_key);
	__type(value, __u8);
} retiring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, ALLOCATION);
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

#ifdef OLDER_KERNEL
/* What a flow begins as. Of a run that is interrupted here by another one only the time of birth may be that of the other. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct flow);
} newborn SEC(".maps");

/* A flow is never seen without its birth: it names the flow, and two runs cannot agree on it afterwards without compare-and-swap. */
static __always_inline void insert_flow(void *table, const struct flow_key *key)
{
	__u32 only = 0;
	struct flow *flow = bpf_map_lookup_elem(&newborn, &only);

	if (!flow)
		return;
	flow->born_ns = bpf_ktime_get_ns();
	bpf_map_update_elem(table, key, flow, BPF_NOEXIST);
}

static __always_inline void name_birth(struct flow *flow, __u64 now_ns)
{
}
#else
static const struct flow no_counts;

static __always_inline void insert_flow(void *table, const struct flow_key *key)
{
	bpf_map_update_elem(table, key, &no_counts, BPF_NOEXIST);
}

static __always_inline void name_birth(struct flow *flow, __u64 now_ns)
{
	if (!flow->born_ns)
		__sync_val_compare_and_swap(&flow->born_ns, 0, now_ns);
}
#endif

static __always_inline void count(__u32 index, __u64 amount)
{
	__u64 *counter = bpf_map_lookup_elem(&counters, &index);

	if (counter && amount) /* of an addition of nothing the compiler makes another instruction, which older kernels do not know */
		__sync_fetch_and_add(counter, amount);
}

static __always_inline struct control *the_control(void)
{
	__u32 only = 0;

	return bpf_map_lookup_elem(&control, &only);
}

/* The flow that counts of this key go to: slot 0, or slot 1 while slot 0 retires (and until slot 1 itself is retired). Null when the
 * table is full. */
static __always_inline bool takes_more(const struct flow *flow, const struct flow_key *key)
{
#ifdef OLDER_KERNEL
	return flow && !bpf_map_lookup_elem(&retiring, key);
#else
	return flow && !flow->retiring;
#endif
}

static __always_inline struct flow *flow_of(struct flow_key *key)
{
	struct flow *first, *second;

	first = bpf_map_lookup_elem(&flows, key);
	if (takes_more(first, key))
		return first;
	key->slot = 1;
	second = bpf_map_lookup_elem(&flows, key);
	if (takes_more(second, key))
		return second;
	key->slot = first ? 1 : 0;
	insert_flow(&flows, key);
	return bpf_map_lookup_elem(&flows, key);
}

static __always_inline struct flow *overflow_of(struct flow_key *key)
{
	struct flow_key coarse = {.server_port = key->server_port, .role = key->role};
	struct flow *flow;

	*key = coarse;
	flow = bpf_map_lookup_elem(&overflow, key);
	if (flow)
		return flow;
	insert_flow(&overflow, key);
	return bpf_map_lookup_elem(&overflow, key);
}

static __always_inline void sample_rtt(struct change *change, struct tcp_sock *tcp)
{
	change->rtt_us = READ(tcp, srtt_us) >> 3;
	change->rtt_samples = change->rtt_us ? 1 : 0;
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
	name_birth(flow, change->now_ns);
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

/* Makes the key that of the coarse flow. */
static __always_inline struct flow *account_coarse(struct flow_key *key, const struct change *change)
{
	struct flow *flow = overflow_of(key);

	if (!is_empty(change))
		count(flow ? COUNT_OVERFLOWED : COUNT_LOST_FLOWS, 1);
	if (flow)
		add_change(flow, change);
	else
		count(COUNT_LOST_BYTES, change->moved.sent + change->moved.received);
	return flow;
}

/* Returns the flow that took it, whose key the key is then; null when there was no room, which is counted. */
static __always_inline struct flow *account(struct flow_key *key, const struct change *change)
{
	struct flow *flow = flow_of(key);

	if (!flow)
		return account_coarse(key, change);
	add_change(flow, change);
	return flow;
}

/* What live sockets are doing. One fold at a time: it alone writes these. */
static __always_inline void count_state(struct flow *flow, __u8 state)
{
	struct control *settings = the_control();
	__u64 index = state;

	if (!settings)
		return;
	if (flow->poll != settings->poll) {
		__builtin_memset(flow->states, 0, sizeof(flow->states));
		flow->poll = settings->poll;
	}
	asm volatile("" : "+r"(index)); /* older verifiers do not know a bound of what was put away since it was compared */
	if (index < TCP_STATES)
		flow->states[index]++;
}
