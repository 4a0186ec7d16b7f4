/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* The contract with user space: keys and values of the pinned tables, and the records the iterators write.
 *
 * Fixed widths, explicit padding, no pointers. Fields are only ever appended, and CARETTA_LAYOUT counts up when one is: an agent
 * reads the shorter records of an older generation and takes what is missing as zero. */
#pragma once

#ifdef LAYOUT_FLOOR /* an older generation, for testing upgrades */
#define CARETTA_LAYOUT 0
#else
#define CARETTA_LAYOUT 1
#endif

enum connection_role {
	ROLE_CLIENT = 1,
	ROLE_SERVER = 2,
};

enum {
	COMM_LENGTH = 16, /* TASK_COMM_LEN */
	TCP_STATES = 12,  /* the kernel's numbers, 1 TCP_ESTABLISHED to 11 TCP_CLOSING */
};

/* All connections of one host that share these. In the overflow table everything but server_port and role is zero. */
struct flow_key {
	__u8 local_ip[16]; /* network order, IPv4 as ::ffff:a.b.c.d */
	__u8 remote_ip[16];
	__u64 cgroup_id;	/* cgroup v2 of the socket, 0 where the kernel does not tell */
	__u32 netns;		/* inode number of the network namespace */
	__u16 server_port;	/* host order */
	__u8 role;		/* enum connection_role, of the local end */
	__u8 family;		/* AF_INET 2 or AF_INET6 10, of the socket */
	char comm[COMM_LENGTH]; /* the owning process, if control.by_process; otherwise zeros */
	__u8 slot;		/* 0 or 1: where bytes go while the flow's other slot retires */
	__u8 pad[7];
};

/* Counts only grow until the flow is deleted; only programs write here. */
struct flow {
	__u64 sent;	/* payload the peer acknowledged */
	__u64 received; /* payload received from the peer */
	__u64 closed_sent;
	__u64 closed_received; /* the parts of the two above by closed connections */
	__u64 opened;
	__u64 closed;
	__u64 failed; /* ended before they were established */
	__u64 retransmitted;
	__u64 rtt_us; /* sum of the samples */
	__u64 rtt_samples;
	__u64 closed_lifetime_ns;
	__u64 born_ns;	  /* first insertion, bpf_ktime_get_ns(); names the flow together with its key */
	__u64 changed_ns; /* last change of a count */
	__u64 poll;	  /* control.poll of the last fold that found a live socket here; states[] are of that fold */
	__u32 states[TCP_STATES];
	__u32 retiring; /* 1: counts go to the other slot from now on */
	__u32 pad;
#ifndef LAYOUT_FLOOR
	__u64 reserved[8];
#endif
};

/* One entry, written by user space. */
struct control {
	__u64 poll;	   /* number of the current poll, counted up before each fold */
	__u8 table_id[16]; /* random, made with the tables */
	__u32 fresh_boot;  /* 1: nothing was ever counted in this boot, so a socket met for the first time counts from zero */
	__u32 by_process;  /* 1: flows are told apart by process */
};

/* A live socket's accounts: what the sockets iterator writes at a clean detach, and what the next generation starts from. */
struct socket_account {
	__u64 cookie;
	__u64 start_ns;
	__u64 sent; /* already counted in the flow table */
	__u64 received;
	__u64 retransmitted;
	__u64 base_sent; /* present before we looked: never counted */
	__u64 base_received;
	__u8 role;
	__u8 opened; /* 1: already counted as opened */
	__u8 pad[6];
	char comm[COMM_LENGTH];
};

/* What precedes each record of the flows iterator (a key, a value): says which fields are there and where the next record starts. */
struct record_sizes {
	__u16 key;
	__u16 value;
	__u32 pad;
};

/* What the sockets iterator writes. */
struct socket_record {
	__u16 size;
	__u16 pad[3];
	struct socket_account account;
};

/* A process, by its first thread. */
struct process {
	__u64 cgroup_id;	/* of version 2 */
	__u64 netns_cookie;	/* never given twice within a boot, unlike the inode number; 0 where the kernel does not tell */
	__u32 netns;		/* inode number of the network namespace */
	__u32 pid;		/* in the PID namespace of whoever reads */
	char comm[COMM_LENGTH]; /* as flow_key has it */
};

/* What the processes iterator writes. */
struct process_record {
	__u16 size;
	__u16 pad[3];
	struct process process;
};

/* What the kprobe path's fold writes: of a live socket what it has counted and its flow has not got yet. The flow's counts were read first
 * and the socket's last, so that flow + pending is never more than there is, whatever was moved meanwhile. */
struct live {
	struct flow_key key;
	__u64 flow_sent;
	__u64 flow_received;
	__u64 pending_sent;
	__u64 pending_received;
	__u64 looked_ns;
};

struct live_record {
	__u16 size;
	__u16 pad[3];
	struct live live;
};

/* Index into the counters table (64-bit, only grow). */
enum counter {
	COUNT_ENROLLED,		  /* sockets older than the programs that were taken on */
	COUNT_UNOBSERVED_SOCKETS, /* sockets whose first bytes we could not see: they start from a baseline */
	COUNT_UNOBSERVED_BYTES,	  /* the sum of those baselines, sent and received */
	COUNT_OVERFLOWED,	  /* times the flow table was full and the overflow table took the counts */
	COUNT_LOST_FLOWS,	  /* times the overflow table was full as well */
	COUNT_LOST_BYTES,	  /* the bytes of those times */
	COUNT_STORAGE_FAILED,	  /* times there was no room for a socket's account: the kernel refused memory, or the table was full */
	COUNT_UNSEEN_ENDS,	  /* sockets that were gone without their close being seen: what they counted last is lost */
	COUNTERS,
};

_Static_assert(sizeof(struct flow_key) == 72, "FlowKey.cs");
#ifndef LAYOUT_FLOOR
_Static_assert(sizeof(struct flow) == 232, "FlowValue.cs");
#endif
_Static_assert(sizeof(struct socket_account) == 80, "SocketAccount.cs");
_Static_assert(sizeof(struct control) == 32, "Control.cs");
_Static_assert(sizeof(struct process) == 40, "ProcessRecord.cs");
_Static_assert(sizeof(struct process_record) == 48, "SizedRecords.cs");
_Static_assert(sizeof(struct live) == 112, "LiveSocket.cs");
