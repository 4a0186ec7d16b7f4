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
#include "account.bpf.h"
#include "life.bpf.h"
#include "process.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
#ifdef BUILD
const char build[] SEC(".rodata.build") = BUILD;
#endif

/* A received byte may be the peer's FIN, which shows in the count before it shows in the flags: the last byte waits this long. */
enum { REST_NS = 10000000 };

static __always_inline volatile struct event *latest_here(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&latest, &zero);
}

/* The kernel runs no program inside itself: what changes in an interrupt of on_state, on the same CPU, on_state does not see. It leaves
 * word of what it saw. */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_state, struct sock *sk, int old, int new)
{
	volatile struct event *seen;

	if (!is_ours(sk, old, new))
		return 0;
	seen = latest_here();
	if (seen) {
		seen->sk = (__u64)sk;
		seen->state = new;
	}
	on_change(sk, old, new);
	return 0;
}

/* Attached behind on_state, for what that did not see. Of the two at most one is interrupted, and interrupts that handle packets do not
 * nest. A change that both handle is counted by the first. */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_state_missed, struct sock *sk, int old, int new)
{
	volatile struct event *seen;

	if (!is_ours(sk, old, new))
		return 0;
	seen = latest_here();
	if (seen && seen->sk == (__u64)sk && seen->state == new)
		seen->sk = 0; /* a socket that comes to lie here later is another one */
	else
		on_change(sk, old, new);
	return 0;
}

/* No lock is held here, so a FIN may be half accounted. Counters first, state and flags after: states only move forward, so ESTABLISHED
 * or CLOSE_WAIT read now means that no FIN of ours was in what was read before. Other states are left to the close, which is exact. */
static __always_inline void payload_of_live(
	struct payload *payload, struct tcp_sock *tcp, struct connection *connection, __u64 *now, __u8 *state)
{
	__u64 acked = *(volatile __u64 *)&tcp->bytes_acked;
	__u64 received = *(volatile __u64 *)&tcp->bytes_received;
	__u64 looked_ns = bpf_ktime_get_ns(); /* after: a count may not seem to have rested longer than it has */
	__u64 control = connection->role == ROLE_CLIENT;

	*now = looked_ns;
	*state = *(volatile __u8 *)&tcp->inet_conn.icsk_inet.sk.__sk_common.skc_state;
	payload->sent = 0;
	if (*state == TCP_ESTABLISHED || *state == TCP_CLOSE_WAIT)
		payload->sent = less(acked, control);
	else if (*state == TCP_FIN_WAIT2)
		payload->sent = less(acked, control + 1);

	payload->received = received;
	if (connection->seen_received != received) {
		connection->seen_received = received;
		connection->seen_since_ns = looked_ns;
	}
	if (peer_fin(tcp) || looked_ns - connection->seen_since_ns < REST_NS)
		payload->received = less(received, 1);
}

/* Established once, and not yet closed. */
static __always_inline bool is_open(__u8 state)
{
	return state != TCP_CLOSE && state != TCP_LISTEN && state != TCP_SYN_SENT && state != TCP_SYN_RECV;
}

static __always_inline void count_state(struct flow *flow, __u8 state)
{
	struct control *settings = the_control();

	if (!settings || state >= TCP_STATES)
		return;
	if (flow->poll != settings->poll) { /* one fold at a time: it alone writes these */
		__builtin_memset(flow->states, 0, sizeof(flow->states));
		flow->poll = settings->poll;
	}
	flow->states[state]++;
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
	payload_of_live(&payload, tcp, connection, &change.now_ns, &state);
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
int read_flows(struct bpf_iter__bpf_map_elem *ctx)
{
	struct flow_key *key = ctx->key;
	struct flow *flow = ctx->value;
	struct record_sizes sizes = {.key = sizeof(*key), .value = sizeof(*flow)};

	if (!key || !flow || !flow->born_ns)
		return 0;
	bpf_seq_write(ctx->meta->seq, &sizes, sizeof(sizes));
	bpf_seq_write(ctx->meta->seq, key, sizeof(*key));
	bpf_seq_write(ctx->meta->seq, flow, sizeof(*flow));
	return 0;
}

/* One record a process. Of one whose first thread has ended already the others tell, each with a record. */
SEC("iter/task")
int processes(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct process_record record = {.size = sizeof(record.process)};

	if (!task || !task->nsproxy || (task != task->group_leader && task->group_leader->nsproxy))
		return 0;
	fill_netns(&record.process, task);
	record.process.cgroup_id = cgroup_of_task(task);
	record.process.pid = pid_for_reader(task->group_leader);
	copy_comm(record.process.comm, task);
	tell(ctx->meta->seq, &record);
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
