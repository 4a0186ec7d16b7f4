// SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause)
/* One account per socket, one flow per group of connections.
 *
 * on_state   gives a connection its account when it begins, and moves what is left into its flow when it ends;
 *            on_state_missed does the same where that was not run
 * fold       once a poll, moves what live connections have counted since into their flows
 * enrol      takes on connections that are older than these programs
 * sockets    tells the accounts of live connections, for whoever goes on counting after a detach
 * read_flows tells the flow table
 * processes  tells who runs in which network namespace and cgroup, for user space to say whose a socket is
 * retire     closes idle flows to further counts, so that user space may delete them
 *
 * A poll and a close may race on two CPUs, and two generations of these programs may be attached at once: every count is moved by
 * compare-and-swap on the account, every event by an atomic bit of it, so whoever comes second finds nothing left to do. */
#include "kernel.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include "caretta.h"
#include "sock.bpf.h"
#include "tables.bpf.h"
#include "word.bpf.h"
#include "account.bpf.h"
#include "process.bpf.h"
#include "life.bpf.h"
#include "read.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
#ifdef BUILD
const char build[] SEC(".rodata.build") = BUILD;
#endif

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_state, struct sock *sk, int old, int new)
{
	if (!is_ours(sk, old, new))
		return 0;
	leave_word(sk, new);
	on_change(sk, old, new);
	return 0;
}

/* Attached behind on_state, for what that did not see. Of the two at most one is interrupted, and interrupts that handle packets do not
 * nest. A change that both handle is counted by the first. */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_state_missed, struct sock *sk, int old, int new)
{
	if (is_ours(sk, old, new) && !take_word(sk, new))
		on_change(sk, old, new);
	return 0;
}

SEC("iter/bpf_sk_storage_map")
int fold(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	struct sock *sk = ctx->sk;
	struct connection *connection = ctx->value;
	struct tcp_sock *tcp;
	struct payload payload;
	struct change change = {};
	struct flow_key key = {};
	struct flow *flow;
	__u64 retransmitted;
	__u8 state;

	if (!sk || !connection || connection->once & FINAL)
		return 0;
	tcp = bpf_skc_to_tcp_sock(sk);
	if (!tcp)
		return 0;
	if (!connection->role) {
		if (!is_open(sk->__sk_common.skc_state))
			return 0; /* a listener, or a child of one that is being made */
		connection->role = inferred_role(tcp);
	}
	fill_key(&key, tcp, connection);
	payload_of_live(&payload, tcp, connection->role, &connection->rest, &change.now_ns, &state);
	retransmitted = tcp->bytes_retrans;
	sample_rtt(&change, tcp);
	/* All of it is read now. A close that began meanwhile may have cleared it, or have given the memory to another connection. */
	if (__sync_fetch_and_or(&connection->once, 0) & FINAL || state == TCP_CLOSE || state == TCP_LISTEN)
		return 0;
	if (state != TCP_SYN_SENT && state != TCP_SYN_RECV) {
		if (!(connection->once & OPENED))
			change.opened = !(__sync_fetch_and_or(&connection->once, OPENED) & OPENED);
		change.moved.sent = advance(&connection->sent, payload.sent);
		change.moved.received = advance(&connection->received, payload.received);
		change.retransmitted = advance(&connection->retransmitted, retransmitted);
	}
	if (!(change.moved.sent | change.moved.received))
		change.rtt_us = change.rtt_samples = 0;
	flow = account(&key, &change);
	if (flow)
		count_state(flow, state);
	return 0;
}

static __always_inline void enrol_listener(struct sock *sk, const char *comm)
{
	struct connection initial = {};

	if (!comm[0])
		return;
	__builtin_memcpy(initial.comm, comm, COMM_LENGTH);
	begin(sk, &initial);
}

static __always_inline void enrol_connection(struct tcp_sock *tcp, __u8 state, const char *comm)
{
	struct connection *connection = bpf_sk_storage_get(&connections, tcp, 0, 0);
	struct payload present;

	if (!connection) {
		payload_at_close(&present, tcp, inferred_role(tcp), state);
		meet(tcp, &present, comm);
	} else if (!connection->comm[0]) {
		__builtin_memcpy(connection->comm, comm, COMM_LENGTH);
	}
}

SEC("iter/task_file")
int enrol(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	struct task_struct *task = ctx->task;
	struct control *settings = the_control();
	char comm[COMM_LENGTH] = {};
	struct socket *socket;
	struct tcp_sock *tcp;
	struct sock *sk;
	__u8 state;

	if (!file || !task || !settings)
		return 0;
	socket = bpf_sock_from_file(file);
	sk = socket ? socket->sk : 0;
	if (!sk || sk->sk_protocol != IPPROTO_TCP)
		return 0;
	tcp = bpf_skc_to_tcp_sock(sk);
	if (!tcp)
		return 0;
	if (settings->by_process)
		copy_comm(comm, task);
	state = sk->__sk_common.skc_state;
	if (state == TCP_LISTEN)
		enrol_listener((struct sock *)tcp, comm);
	else if (is_open(state))
		enrol_connection(tcp, state, comm);
	return 0;
}

SEC("iter/bpf_sk_storage_map")
int sockets(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	struct sock *sk = ctx->sk;
	struct connection *connection = ctx->value;
	struct socket_record record = {.size = sizeof(record.account)};

	if (!sk || !connection || !connection->role || connection->once & FINAL)
		return 0;
	record.account.cookie = bpf_get_socket_cookie(sk);
	record.account.start_ns = connection->start_ns;
	record.account.sent = connection->sent;
	record.account.received = connection->received;
	record.account.retransmitted = connection->retransmitted;
	record.account.base_sent = connection->base_sent;
	record.account.base_received = connection->base_received;
	record.account.role = connection->role;
	record.account.opened = connection->once & OPENED ? 1 : 0;
	__builtin_memcpy(record.account.comm, connection->comm, COMM_LENGTH);
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}

SEC("iter/bpf_map_elem")
int retire(struct bpf_iter__bpf_map_elem *ctx)
{
	const struct flow_key *request = ctx->key;
	struct flow_key key;
	struct flow *flow;

	if (!request)
		return 0;
	key = *request; /* helpers take keys from the stack, not from an iterator's buffer */
	flow = bpf_map_lookup_elem(&flows, &key);
	if (flow)
		__sync_lock_test_and_set(&flow->retiring, 1);
	return 0;
}
