/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* A socket's facts: addresses, role, and how much payload it has moved.
 *
 * READ reads a field of a kernel's struct, NOW one that changes meanwhile and in the order written here. Programs that the kernel knows the
 * types of read fields as such; those for OLDER_KERNEL have an address only, and copy from it. */
#pragma once

#ifdef OLDER_KERNEL
#define READ(object, field) BPF_CORE_READ(object, field)
#define NOW(object, field) BPF_CORE_READ(object, field)
#else
#define READ(object, field) ((object)->field)
#define NOW(object, field) (*(volatile typeof((object)->field) *)&(object)->field)
#endif

static __always_inline __u16 from_network(__be16 port)
{
	return __builtin_bswap16(port);
}

static __always_inline void address_from_v4(__u8 *ip, __be32 v4)
{
	__u32 *words = (__u32 *)ip;

	words[0] = 0;
	words[1] = 0;
	words[2] = 0xffff0000; /* bytes 00 00 ff ff: ::ffff:a.b.c.d */
	words[3] = v4;
}

static __always_inline void address_from_v6(__u8 *ip, const struct in6_addr *v6)
{
	__u32 *words = (__u32 *)ip;

	words[0] = READ(v6, in6_u.u6_addr32[0]);
	words[1] = READ(v6, in6_u.u6_addr32[1]);
	words[2] = READ(v6, in6_u.u6_addr32[2]);
	words[3] = READ(v6, in6_u.u6_addr32[3]);
}

static __always_inline void fill_addresses(struct flow_key *key, struct sock *sk)
{
	struct sock_common *common = &sk->__sk_common;

	if (READ(common, skc_family) == AF_INET) {
		address_from_v4(key->local_ip, READ(common, skc_rcv_saddr));
		address_from_v4(key->remote_ip, READ(common, skc_daddr));
	} else {
		address_from_v6(key->local_ip, &common->skc_v6_rcv_saddr);
		address_from_v6(key->remote_ip, &common->skc_v6_daddr);
	}
}

static __always_inline __u64 cgroup_of(struct sock *sk)
{
	struct cgroup *cgroup;
	struct kernfs_node *node;

	if (!bpf_core_field_exists(sk->sk_cgrp_data.cgroup)) /* 5.15 */
		return 0;
	cgroup = READ(sk, sk_cgrp_data.cgroup);
	node = cgroup ? READ(cgroup, kn) : 0;
	return node ? READ(node, id) : 0;
}

/* For sockets whose handshake we did not see. A child of a listener keeps the interface its SYN came in by; a stream socket
 * has no other way to get one. */
static __always_inline __u8 inferred_role(struct tcp_sock *tcp)
{
	struct inet_sock *inet = &tcp->inet_conn.icsk_inet;
	struct ipv6_pinfo *v6;

	if (READ(inet, mc_index))
		return ROLE_SERVER;
	if (READ(inet, sk.__sk_common.skc_family) != AF_INET6)
		return ROLE_CLIENT;
	v6 = READ(inet, pinet6);
	return v6 && READ(v6, mcast_oif) ? ROLE_SERVER : ROLE_CLIENT;
}

static __always_inline __u64 less(__u64 count, __u64 control)
{
	return count > control ? count - control : 0;
}

/* Payload. bytes_acked counts our SYN too if we dialled, and our FIN once it is acknowledged; bytes_received the peer's FIN. */
struct payload {
	__u64 sent;
	__u64 received;
};

static __always_inline __u64 peer_fin(struct tcp_sock *tcp)
{
	return (NOW(tcp, inet_conn.icsk_inet.sk.__sk_common.skc_flags) >> SOCK_DONE) & 1;
}

/* Under the socket's lock, on leaving `state`: exact. */
static __always_inline void payload_at_close(struct payload *payload, struct tcp_sock *tcp, __u8 role, __u8 state)
{
	__u64 control = role == ROLE_CLIENT;

	if (state == TCP_FIN_WAIT2 || state == TCP_TIME_WAIT)
		control++;
	else if ((state == TCP_FIN_WAIT1 || state == TCP_CLOSING || state == TCP_LAST_ACK) && READ(tcp, snd_una) == READ(tcp, write_seq))
		control++;
#ifdef MUTANT_BYTES_SENT
	payload->sent = READ(tcp, bytes_sent);
#else
	payload->sent = less(READ(tcp, bytes_acked), control);
#endif
	payload->received = less(READ(tcp, bytes_received), peer_fin(tcp));
}

/* Established once, and not yet closed. */
static __always_inline bool is_open(__u8 state)
{
	return state != TCP_CLOSE && state != TCP_LISTEN && state != TCP_SYN_SENT && state != TCP_SYN_RECV;
}

/* A received byte may be the peer's FIN, which shows in the count before it shows in the flags: the last byte waits this long. */
enum { REST_NS = 10000000 };

/* A reading of bytes_received, and since when it is so. */
struct rest {
	__u64 received;
	__u64 since_ns;
};

/* No lock is held here, so a FIN may be half accounted. Counters first, state and flags after: states only move forward, so ESTABLISHED
 * or CLOSE_WAIT read now means that no FIN of ours was in what was read before. Other states are left to the close, which is exact. */
static __always_inline void payload_of_live(
	struct payload *payload, struct tcp_sock *tcp, __u8 role, struct rest *rest, __u64 *now, __u8 *state)
{
	__u64 acked = NOW(tcp, bytes_acked);
	__u64 received = NOW(tcp, bytes_received);
	__u64 looked_ns = bpf_ktime_get_ns(); /* after: a count may not seem to have rested longer than it has */
	__u64 control = role == ROLE_CLIENT;

	*now = looked_ns;
	*state = NOW(tcp, inet_conn.icsk_inet.sk.__sk_common.skc_state);
	payload->sent = 0;
	if (*state == TCP_ESTABLISHED || *state == TCP_CLOSE_WAIT)
		payload->sent = less(acked, control);
	else if (*state == TCP_FIN_WAIT2)
		payload->sent = less(acked, control + 1);

	payload->received = received;
	if (rest->received != received) {
		rest->received = received;
		rest->since_ns = looked_ns;
	}
	if (peer_fin(tcp) || looked_ns - rest->since_ns < REST_NS)
		payload->received = less(received, 1);
}
