/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* A tracked connection's account from its beginning, or from when it is met, to its end. */
#pragma once

/* Whatever was here belonged to an earlier connection. */
static __always_inline struct tracked *begin(struct sock *sk, struct tracked *initial)
{
	__u64 address = (__u64)sk;
	struct tracked *entry;

	bpf_map_delete_elem(&handled, &address);
	initial->start_ns = initial->touched_ns = bpf_ktime_get_ns();
	entry = track(sk, initial, BPF_ANY);
	if (!entry)
		count(COUNT_STORAGE_FAILED, 1);
	return entry;
}

static __always_inline void on_dial(struct sock *sk)
{
	struct tracked initial = {.key.role = ROLE_CLIENT};

	current_comm(initial.key.comm);
	begin(sk, &initial);
}

static __always_inline struct tracked *on_accept(struct sock *sk, __u8 role)
{
	struct tracked initial = {.key.role = role};

	return begin(sk, &initial);
}

/* Only now has it both addresses and both ports. */
static __always_inline void on_established(struct sock *sk, int old)
{
	struct tracked *entry = tracked_of(sk);
	struct change change = {.opened = 1};
	struct flow_key key;

	if (!entry)
		entry = on_accept(sk, old == TCP_SYN_SENT ? ROLE_CLIENT : ROLE_SERVER);
	if (!entry || entry->key.family)
		return; /* no room; or another of these programs was here first */
	entry->touched_ns = change.now_ns = bpf_ktime_get_ns();
	entry->opened = 1;
	fill_tracked(entry, sk);
	fill_listener_comm(entry);
	key = entry->key;
	account(&key, &change);
}

static __always_inline void listen_as(struct sock *sk, const char *comm)
{
	struct listener_key key = {.netns = netns_of(sk), .port = local_port(sk)};
	struct listener listener = {.sk = (__u64)sk};

	if (!comm[0])
		return;
	__builtin_memcpy(listener.comm, comm, COMM_LENGTH);
	bpf_map_update_elem(&listeners, &key, &listener, BPF_ANY);
}

static __always_inline void on_listen(struct sock *sk)
{
	char comm[COMM_LENGTH] = {};

	current_comm(comm);
	listen_as(sk, comm);
}

static __always_inline void on_listen_end(struct sock *sk)
{
	struct listener_key key = {.netns = netns_of(sk), .port = local_port(sk)};
	struct listener *listener = bpf_map_lookup_elem(&listeners, &key);

	if (listener && listener->sk == (__u64)sk)
		bpf_map_delete_elem(&listeners, &key);
}

/* A connection whose beginning we did not see: goes on from what was carried over, or from zero if nothing was ever counted in this
 * boot, or else from what it has by now, which is told as unobserved. Null when the table is full. */
static __always_inline struct tracked *meet(struct sock *sk, __u8 state, const char *comm, __u64 flags)
{
	struct control *settings = the_control();
	struct tcp_sock *tcp = (struct tcp_sock *)sk;
	struct tracked initial = {.key.role = inferred_role(tcp)};
	struct socket_account *from;
	struct payload present;
	struct tracked *entry;
	__u64 unobserved = 0;
	__u64 name;

	fill_tracked(&initial, sk);
	if (comm)
		__builtin_memcpy(initial.key.comm, comm, COMM_LENGTH);
	initial.start_ns = initial.touched_ns = bpf_ktime_get_ns();
	payload_at_close(&present, tcp, initial.key.role, state);
	name = name_of(&initial);
	from = bpf_map_lookup_elem(&carried, &name);
	if (from && from->sent <= present.sent + 1 && from->received <= present.received) { /* + 1: the role is a guess until it is known */
		take_role(&initial, sk, from->role);
		initial.start_ns = from->start_ns;
		initial.sent = from->sent;
		initial.received = from->received;
		initial.retransmitted = from->retransmitted;
		initial.base_sent = from->base_sent;
		initial.base_received = from->base_received;
		__builtin_memcpy(initial.key.comm, from->comm, COMM_LENGTH);
		initial.opened = from->opened;
	} else if (!settings || !settings->fresh_boot) {
		initial.sent = initial.base_sent = present.sent;
		initial.received = initial.base_received = present.received;
		initial.retransmitted = READ(tcp, bytes_retrans);
		initial.opened = 1; /* whoever counted before may have counted that too */
		unobserved = present.sent + present.received;
		from = 0;
	}
	fill_listener_comm(&initial);
	entry = track(sk, &initial, flags);
	if (!entry || entry->touched_ns != initial.touched_ns)
		return entry; /* no room; or somebody else met it first */
	count(COUNT_ENROLLED, 1);
	if (unobserved || (!from && settings && !settings->fresh_boot))
		count(COUNT_UNOBSERVED_SOCKETS, 1);
	if (unobserved)
		count(COUNT_UNOBSERVED_BYTES, unobserved);
	return entry;
}

/* What a connection's end adds, but for what it moves. */
static __always_inline void end_of(struct change *change, struct tcp_sock *tcp, __u8 state, __u64 start_ns)
{
	if (state == TCP_SYN_SENT || state == TCP_SYN_RECV) {
		change->failed = 1;
	} else {
		change->closed = 1;
		change->lifetime_ns = start_ns ? less(change->now_ns, start_ns) : 0;
		sample_rtt(change, tcp);
	}
}

/* The end of a connection that found no room in the table: the coarse flow takes it whole. If something may have counted of it before, in
 * this boot but not by these tables, nothing is taken. */
static __always_inline void on_untracked_close(struct sock *sk, __u8 state)
{
	struct tcp_sock *tcp = (struct tcp_sock *)sk;
	struct control *settings = the_control();
	struct tracked coarse = {};
	struct change change = {.now_ns = bpf_ktime_get_ns()};
	struct payload payload;

	take_role(&coarse, sk, inferred_role(tcp));
	payload_at_close(&payload, tcp, coarse.key.role, state);
	if (!settings || !settings->fresh_boot) {
		count(COUNT_UNOBSERVED_SOCKETS, 1);
		count(COUNT_UNOBSERVED_BYTES, payload.sent + payload.received);
		return;
	}
	end_of(&change, tcp, state, 0);
	change.opened = change.closed;
	change.moved = change.closed_payload = payload;
	account_coarse(&coarse.key, &change);
}

static __always_inline void on_tracked_close(struct sock *sk, struct tracked *entry, __u8 state)
{
	struct tcp_sock *tcp = (struct tcp_sock *)sk;
	struct change change = {.now_ns = bpf_ktime_get_ns()};
	struct payload payload;
	struct flow_key key;

	if (!entry->key.family)
		fill_tracked(entry, sk);
	entry->closed_ns = change.now_ns;
	end_of(&change, tcp, state, entry->start_ns);
	if (change.closed && !entry->opened)
		change.opened = entry->opened = 1;
	payload_at_close(&payload, tcp, entry->key.role, state);
	change.closed_payload.sent = less(payload.sent, entry->base_sent);
	change.closed_payload.received = less(payload.received, entry->base_received);
	move(entry, tcp, &payload, &change);
	key = entry->key;
	account(&key, &change);
}

/* Under the socket's lock. What it leaves open is exact, so nothing of the connection changes after. */
static __always_inline void on_close(struct sock *sk, __u8 state)
{
	__u64 address = (__u64)sk;
	struct tracked *entry = tracked_of(sk);
	__u8 yes = 1;

	if (entry && entry->key.family && !is_of(entry, sk)) {
		count(COUNT_UNSEEN_ENDS, 1);
		entry = 0;
	}
	if (!entry) {
		if (bpf_map_lookup_elem(&handled, &address))
			return;
		entry = meet(sk, state, 0, BPF_ANY);
	}
	if (entry)
		on_tracked_close(sk, entry, state);
	else
		on_untracked_close(sk, state);
	bpf_map_update_elem(&handled, &address, &yes, BPF_ANY);
	bpf_map_delete_elem(&tracked, &address);
}

static __always_inline bool is_ours(struct sock *sk, int old, int new)
{
	if (new == TCP_CLOSE ? old == TCP_CLOSE : new != TCP_SYN_SENT &&new != TCP_LISTEN &&new != TCP_ESTABLISHED && old != TCP_LISTEN)
		return 0;
	return READ(sk, sk_protocol) == IPPROTO_TCP;
}

static __always_inline void on_change(struct sock *sk, int old, int new)
{
	if (new == TCP_SYN_SENT)
		on_dial(sk);
	else if (new == TCP_LISTEN)
		on_listen(sk);
	else if (new == TCP_ESTABLISHED)
		on_established(sk, old);
	else if (new != TCP_CLOSE)
		on_accept(sk, ROLE_SERVER);
	else if (old == TCP_LISTEN)
		on_listen_end(sk);
	else
		on_close(sk, old);
}

/* Data for a connection, under its lock, before the data is counted. */
static __always_inline void on_arrival(struct sock *sk, struct tracked *entry, __u64 now_ns)
{
	struct tcp_sock *tcp = (struct tcp_sock *)sk;
	__u8 state = READ(sk, __sk_common.skc_state);
	struct change change = {.now_ns = now_ns};
	bool known = entry && is_of(entry, sk);
	struct payload payload;
	struct flow_key key;

	if (!is_open(state))
		return;
	if (!known) {
		if (entry)
			count(COUNT_UNSEEN_ENDS, 1);
		entry = meet(sk, state, 0, BPF_ANY);
	}
	if (!entry)
		return;
	entry->touched_ns = now_ns;
	if (!entry->opened)
		change.opened = entry->opened = 1;
	payload_at_close(&payload, tcp, entry->key.role, state);
	move(entry, tcp, &payload, &change);
	key = entry->key;
	account(&key, &change);
}
