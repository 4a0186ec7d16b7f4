/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* A socket's account, in the socket's own storage. */
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
	struct rest rest;
	__u64 once; /* OPENED, FINAL */
	__u64 role; /* 0: a listener's, kept for its comm */
	char comm[COMM_LENGTH];
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct connection);
} connections SEC(".maps");

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
