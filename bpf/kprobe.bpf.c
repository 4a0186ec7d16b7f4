// SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause)
/* The second probe path, for kernels whose programs have neither storage in sockets nor compare-and-swap. The same tables of flows, the
 * same payload, exact when a connection closes.
 *
 * on_state   begins an account, and moves what is left into its flow when the connection ends; on_state_missed where that was not run
 * on_data    moves what a live connection has counted when data arrives, but not of every segment: the kernel's fast path goes around it
 * fold       once a poll, tells what live connections have counted and their flows have not got yet
 * settle     moves that into the flows for good, once nothing else is attached
 * enrol      takes on sockets that are older than these programs
 * sockets, read_flows, processes: as in caretta.bpf.c
 *
 * Where the kernel has no iterators, or no types of its own to run them by, on_state and on_data are all there is.
 *
 * Written without what these kernels lack: compare-and-swap, exchange, bounded loops, global data. */
#define OLDER_KERNEL
#include "kernel.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "caretta.h"
#include "sock.bpf.h"
#include "tables.bpf.h"
#include "word.bpf.h"
#include "process.bpf.h"
#include "tracked.bpf.h"
#include "tracked-life.bpf.h"
#include "read.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

SEC("raw_tp/inet_sock_set_state")
int on_state(struct bpf_raw_tracepoint_args *ctx)
{
	struct sock *sk = (struct sock *)ctx->args[0];
	int old = ctx->args[1], new = ctx->args[2];

	if (!is_ours(sk, old, new))
		return 0;
	leave_word(sk, new);
	on_change(sk, old, new);
	return 0;
}

SEC("raw_tp/inet_sock_set_state")
int on_state_missed(struct bpf_raw_tracepoint_args *ctx)
{
	struct sock *sk = (struct sock *)ctx->args[0];
	int old = ctx->args[1], new = ctx->args[2];

	if (is_ours(sk, old, new) && !take_word(sk, new))
		on_change(sk, old, new);
	return 0;
}

/* One object for every architecture. The verifier wants one place to be read from in each branch, so that the compiler may not join them.
 */
static __always_inline struct sock *first_argument(void *registers)
{
	struct pt_regs___x86 *x86 = registers;
	struct pt_regs___arm64 *arm64 = registers;
	struct sock *sk;

	if (bpf_core_field_exists(x86->di)) {
		sk = (struct sock *)x86->di;
		asm volatile("" : "+r"(sk));
		return sk;
	}
	sk = (struct sock *)arm64->regs[0];
	asm volatile("" : "+r"(sk));
	return sk;
}

SEC("kprobe/tcp_data_queue")
int on_data(void *ctx)
{
	struct sock *sk = first_argument(ctx);
	struct tracked *entry = tracked_of(sk);
	__u64 now_ns = bpf_ktime_get_ns();

	if (entry && (!entry->key.family || less(now_ns, entry->touched_ns) < MOVE_NS))
		return 0;
	on_arrival(sk, entry, now_ns);
	return 0;
}

/* An account whose socket is another one, or was never established: nobody saw its end. */
static __always_inline void forget_unseen(struct tracked *entry, __u64 address, __u64 now_ns)
{
	/* It may have been touched, or become another's, since the clock was read. */
	if (entry->closed_ns || less(now_ns, entry->touched_ns) <= FORGET_NS)
		return;
	count(COUNT_UNSEEN_ENDS, 1);
	bpf_map_delete_elem(&tracked, &address);
}

static __always_inline __u64 more(__u64 a, __u64 b)
{
	return a > b ? a : b;
}

/* A function of its own for the same reason as tell(). */
static __attribute__((noinline)) void tell_live(struct seq_file *seq, const struct live_record *record)
{
	if (record->live.pending_sent | record->live.pending_received)
		bpf_seq_write(seq, record, sizeof(*record));
}

static __always_inline struct looked *looked_of(__u64 address, __u64 start_ns)
{
	struct looked *known = bpf_map_lookup_elem(&looked, &address);
	struct looked initial = {.start_ns = start_ns};

	if (known && known->start_ns == start_ns)
		return known;
	bpf_map_update_elem(&looked, &address, &initial, BPF_ANY);
	return bpf_map_lookup_elem(&looked, &address);
}

static __always_inline int look(struct bpf_iter__bpf_map_elem *ctx, bool settle)
{
	__u64 *key = ctx->key;
	struct tracked *entry = ctx->value;
	struct live_record record = {.size = sizeof(record.live)};
	struct change change = {};
	struct payload payload;
	struct looked *known;
	struct flow *flow;
	struct sock *sk;
	__u64 address;
	__u64 start_ns;
	__u8 state;

	if (!key || !entry)
		return 0;
	address = *key;
	sk = (struct sock *)address;
	start_ns = *(volatile __u64 *)&entry->start_ns;
	change.now_ns = bpf_ktime_get_ns();
	if (!entry->key.family) {
		state = READ(sk, __sk_common.skc_state);
		if (state != TCP_SYN_SENT && state != TCP_SYN_RECV)
			forget_unseen(entry, address, change.now_ns);
		return 0;
	}
	known = looked_of(address, start_ns);
	record.live.key = entry->key;
	flow = account(&record.live.key, &change);
	if (!flow || !known)
		return 0;
	/* This order: struct live says why. */
	record.live.flow_sent = *(volatile __u64 *)&flow->sent;
	record.live.flow_received = *(volatile __u64 *)&flow->received;
	record.live.pending_sent = *(volatile __u64 *)&entry->sent;
	record.live.pending_received = *(volatile __u64 *)&entry->received;
	payload_of_live(&payload, (struct tcp_sock *)sk, record.live.key.role, &known->rest, &change.now_ns, &state);
	/* All of it is read now. It counts if it was all of one connection, and that had not closed. */
	if (!is_of(entry, sk)) {
		forget_unseen(entry, address, change.now_ns);
		return 0;
	}
	if (*(volatile __u64 *)&entry->closed_ns || *(volatile __u64 *)&entry->start_ns != start_ns || !is_open(state))
		return 0;
	count_state(flow, state);
	/* Told once is told for good, also of a connection that is about to close and cannot be read any more. */
	payload.sent = known->told_sent = more(known->told_sent, payload.sent);
	payload.received = known->told_received = more(known->told_received, payload.received);
	if (settle) {
		move(entry, (struct tcp_sock *)sk, &payload, &change);
		if (!entry->opened)
			change.opened = entry->opened = 1;
		add_change(flow, &change);
		return 0;
	}
	record.live.pending_sent = less(payload.sent, record.live.pending_sent);
	record.live.pending_received = less(payload.received, record.live.pending_received);
	record.live.looked_ns = change.now_ns;
	tell_live(ctx->meta->seq, &record);
	return 0;
}

SEC("iter/bpf_map_elem")
int fold(struct bpf_iter__bpf_map_elem *ctx)
{
	return look(ctx, 0);
}

SEC("iter/bpf_map_elem")
int settle(struct bpf_iter__bpf_map_elem *ctx)
{
	return look(ctx, 1);
}

/* The socket of an open file. Only a socket's own inode and its socket point at each other. */
static __always_inline struct sock *socket_of(struct file *file)
{
	struct inode *inode = READ(file, f_inode);
	struct socket *socket;

	if (!inode || (READ(inode, i_mode) & S_IFMT) != S_IFSOCK)
		return 0;
	socket = READ(file, private_data);
	return socket && READ(socket, file) == file ? READ(socket, sk) : 0;
}

SEC("iter/task_file")
int enrol(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	struct task_struct *task = ctx->task;
	struct control *settings = the_control();
	char comm[COMM_LENGTH] = {};
	struct sock *sk;
	__u16 family;
	__u8 state;

	if (!file || !task || !settings)
		return 0;
	sk = socket_of(file);
	if (!sk)
		return 0;
	family = READ(sk, __sk_common.skc_family);
	if ((family != AF_INET && family != AF_INET6) || READ(sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	if (settings->by_process)
		copy_comm(comm, task);
	state = READ(sk, __sk_common.skc_state);
	if (state == TCP_LISTEN)
		listen_as(sk, comm);
	else if (is_open(state) && !tracked_of(sk))
		meet(sk, state, comm, BPF_NOEXIST);
	return 0;
}

SEC("iter/bpf_map_elem")
int sockets(struct bpf_iter__bpf_map_elem *ctx)
{
	struct tracked *entry = ctx->value;
	struct socket_record record = {.size = sizeof(record.account)};

	if (!entry || !entry->key.family)
		return 0;
	record.account.cookie = name_of(entry);
	record.account.start_ns = entry->start_ns;
	record.account.sent = entry->sent;
	record.account.received = entry->received;
	record.account.retransmitted = entry->retransmitted;
	record.account.base_sent = entry->base_sent;
	record.account.base_received = entry->base_received;
	record.account.role = entry->key.role;
	record.account.opened = entry->opened;
	__builtin_memcpy(record.account.comm, entry->key.comm, COMM_LENGTH);
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}
