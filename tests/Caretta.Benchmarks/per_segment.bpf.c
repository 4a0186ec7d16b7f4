// SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause)
/* What we compare with: counting in the data path. Tools of this kind look a connection up and update its count for each segment that
 * arrives, with the socket's addresses and ports as they are read then, in hashes of a million entries. */
#include "kernel.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

enum { MAX_CONNECTIONS = 1000000 };

struct tuple {
	__u32 local_ip;
	__u32 remote_ip;
	__u16 local_port;
	__u16 remote_port;
};

struct connection_key {
	__u32 id;
	__u32 role;
	struct tuple tuple;
};

struct connection_info {
	__u32 id;
	__u32 role;
	__u64 pid;
	__u32 active;
	__u32 pad;
};

struct throughput {
	__u64 received;
	__u64 sent;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_CONNECTIONS);
	__type(key, __u64);
	__type(value, struct connection_info);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_CONNECTIONS);
	__type(key, struct connection_key);
	__type(value, struct throughput);
} connections SEC(".maps");

static __always_inline void fill_key(struct connection_key *key, struct tcp_sock *tcp, const struct connection_info *info)
{
	struct inet_sock *inet = &tcp->inet_conn.icsk_inet;
	struct sock *sk = &inet->sk;

	key->id = info->id;
	key->role = info->role;
	key->tuple.local_ip = sk->__sk_common.skc_rcv_saddr;
	key->tuple.remote_ip = sk->__sk_common.skc_daddr;
	key->tuple.local_port = __builtin_bswap16(inet->inet_sport);
	key->tuple.remote_port = __builtin_bswap16(sk->__sk_common.skc_dport);
}

SEC("tp_btf/tcp_probe")
int BPF_PROG(segment_arrived, struct sock *sk, void *skb)
{
	__u64 address = (__u64)sk;
	struct connection_info *info = bpf_map_lookup_elem(&sockets, &address);
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);
	struct connection_key key = {};
	struct throughput throughput;

	if (!info || !tcp)
		return 0;
	fill_key(&key, tcp, info);
	throughput.received = tcp->bytes_received;
	throughput.sent = tcp->bytes_acked;
	bpf_map_update_elem(&connections, &key, &throughput, BPF_ANY);
	return 0;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(segment_state, struct sock *sk, int old, int new)
{
	__u64 address = (__u64)sk;
	struct connection_info info = {};
	struct connection_info *known;
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);
	struct connection_key key = {};
	struct throughput nothing = {};

	if (!tcp || sk->__sk_common.skc_family != AF_INET)
		return 0;
	if (new == TCP_ESTABLISHED) {
		info.id = bpf_get_prandom_u32();
		info.role = old == TCP_SYN_SENT ? 1 : 2;
		info.pid = bpf_get_current_pid_tgid() >> 32;
		info.active = 1;
		bpf_map_update_elem(&sockets, &address, &info, BPF_ANY);
		fill_key(&key, tcp, &info);
		bpf_map_update_elem(&connections, &key, &nothing, BPF_ANY);
	} else if (new == TCP_CLOSE) {
		known = bpf_map_lookup_elem(&sockets, &address);
		if (!known)
			return 0;
		fill_key(&key, tcp, known);
		bpf_map_delete_elem(&connections, &key);
		bpf_map_delete_elem(&sockets, &address);
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
