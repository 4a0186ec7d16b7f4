/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* A connection's account from its beginning, or from when it is met, to its end. */
#pragma once

static __always_inline struct connection *begin(struct sock *sk, const struct connection *initial)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, (void *)initial, BPF_SK_STORAGE_GET_F_CREATE);

	if (!connection)
		count(COUNT_STORAGE_FAILED, 1);
	return connection;
}

/* connect(): whatever was here belonged to an earlier connection of this socket. Its account is replaced, not reset, so that a fold
 * that still holds it cannot write into the new one. */
static __always_inline void on_dial(struct sock *sk)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	struct connection initial = {.role = ROLE_CLIENT};

	if (connection && connection->role && !(connection->once & FINAL))
		return; /* another generation of these programs was here first */
	if (connection)
		bpf_sk_storage_delete(&connections, sk);
	initial.start_ns = bpf_ktime_get_ns();
	current_comm(initial.comm);
	begin(sk, &initial);
}

/* A listener's child. With BPF_F_CLONE it may come with a copy of the listener's account, for the comm in it. */
static __always_inline void on_accept(struct sock *sk)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	struct connection initial = {.role = ROLE_SERVER};

	if (connection) {
		connection->start_ns = bpf_ktime_get_ns();
		connection->role = ROLE_SERVER;
		return;
	}
	initial.start_ns = bpf_ktime_get_ns();
	begin(sk, &initial);
}

static __always_inline void on_listen(struct sock *sk)
{
	struct connection initial = {};

	current_comm(initial.comm);
	if (initial.comm[0])
		begin(sk, &initial);
}

/* A connection whose beginning we did not see: goes on from what was carried over, or from zero if nothing was ever counted in this
 * boot, or else from what it has by now, which is told as unobserved. */
static __always_inline struct connection *meet(struct tcp_sock *tcp, const struct payload *present, const char *comm)
{
	struct control *settings = the_control();
	__u64 cookie = bpf_get_socket_cookie(tcp);
	struct socket_account *account = bpf_map_lookup_elem(&carried, &cookie);
	struct connection initial = {.start_ns = bpf_ktime_get_ns(), .role = inferred_role(tcp)};
	struct connection *connection;
	__u64 unobserved = 0;

	if (comm)
		__builtin_memcpy(initial.comm, comm, COMM_LENGTH);
	if (account) {
		initial.start_ns = account->start_ns;
		initial.sent = account->sent;
		initial.received = account->received;
		initial.retransmitted = account->retransmitted;
		initial.base_sent = account->base_sent;
		initial.base_received = account->base_received;
		initial.once = account->opened ? OPENED : 0;
		initial.role = account->role;
		__builtin_memcpy(initial.comm, account->comm, COMM_LENGTH);
#ifndef MUTANT_BASELINE_IGNORED
	} else if (!settings || !settings->fresh_boot) {
		initial.sent = initial.base_sent = present->sent;
		initial.received = initial.base_received = present->received;
		initial.retransmitted = tcp->bytes_retrans;
		initial.once = OPENED; /* whoever counted before may have counted that too */
		unobserved = present->sent + present->received;
#endif
	}
	connection = begin((struct sock *)tcp, &initial);
	if (connection && connection->start_ns == initial.start_ns) {
		count(COUNT_ENROLLED, 1);
		if (unobserved || (!account && settings && !settings->fresh_boot))
			count(COUNT_UNOBSERVED_SOCKETS, 1);
		if (unobserved)
			count(COUNT_UNOBSERVED_BYTES, unobserved);
	}
	return connection;
}

/* Under the socket's lock. What it leaves open is exact, so nothing of the connection changes after. */
static __always_inline void on_close(struct sock *sk, __u8 state)
{
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);
	struct connection *connection;
	struct payload payload;
	struct change change = {.now_ns = bpf_ktime_get_ns()};
	struct flow_key key = {};

	if (!tcp)
		return;
	connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	if (connection && !connection->role)
		connection->role = inferred_role(tcp); /* a copy of its listener's account, and nobody saw it begin */
	payload_at_close(&payload, tcp, connection ? connection->role : inferred_role(tcp), state);
	if (!connection)
		connection = meet(tcp, &payload, 0);
	if (!connection || __sync_fetch_and_or(&connection->once, FINAL) & FINAL)
		return;

	if (state == TCP_SYN_SENT || state == TCP_SYN_RECV) {
		change.failed = 1;
	} else {
		change.closed = 1;
		change.opened = !(__sync_fetch_and_or(&connection->once, OPENED) & OPENED);
		change.lifetime_ns = connection->start_ns ? less(change.now_ns, connection->start_ns) : 0;
		sample_rtt(&change, tcp);
	}
	change.closed_payload.sent = less(payload.sent, connection->base_sent);
	change.closed_payload.received = less(payload.received, connection->base_received);
	change.moved.sent = advance(&connection->sent, payload.sent);
	change.moved.received = advance(&connection->received, payload.received);
	change.retransmitted = advance(&connection->retransmitted, tcp->bytes_retrans);
	fill_key(&key, tcp, connection);
	account(&key, &change);
#ifdef MUTANT_DELETE_AT_CLOSE
	bpf_sk_storage_delete(&connections, sk);
#endif
}

/* A connection's beginning or end: four of the eleven changes of state that the two ends of a short one go through. */
static __always_inline bool is_ours(struct sock *sk, int old, int new)
{
	bool listening = old == TCP_LISTEN;

	if (new == TCP_CLOSE ? listening || old == TCP_CLOSE : new != TCP_SYN_SENT &&new != TCP_LISTEN && !listening)
		return 0;
	return sk->sk_protocol == IPPROTO_TCP;
}

static __always_inline void on_change(struct sock *sk, int old, int new)
{
	if (new == TCP_SYN_SENT)
		on_dial(sk);
	else if (new == TCP_LISTEN)
		on_listen(sk);
	else if (new == TCP_CLOSE)
		on_close(sk, old);
	else
		on_accept(sk);
}
