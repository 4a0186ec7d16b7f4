/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* A process's facts: where it runs, and what it is called. */
#pragma once

static __always_inline struct task_struct *this_task(void)
{
#ifdef OLDER_KERNEL
	return (struct task_struct *)bpf_get_current_task();
#else
	return bpf_get_current_task_btf();
#endif
}

static __always_inline void copy_comm(char *to, struct task_struct *task)
{
	/* Threads have names of their own; the process is known by its first one. */
	struct task_struct *leader = READ(task, group_leader);

	bpf_probe_read_kernel_str(to, COMM_LENGTH, leader->comm);
}

static __always_inline void current_comm(char *to)
{
	struct control *settings = the_control();

	if (settings && settings->by_process)
		copy_comm(to, this_task());
}

static __always_inline __u64 cgroup_of_task(struct task_struct *task)
{
	struct css_set *set = READ(task, cgroups);
	struct cgroup *cgroup = set ? READ(set, dfl_cgrp) : 0;
	struct kernfs_node *node = cgroup ? READ(cgroup, kn) : 0;

	return node ? READ(node, id) : 0;
}

/* A task that ends gives up its namespaces before it is gone, perhaps just now. */
static __always_inline void fill_netns(struct process *process, struct task_struct *task)
{
	struct nsproxy *namespaces = READ(task, nsproxy);
	struct net *net = namespaces ? READ(namespaces, net_ns) : 0;

	if (!net)
		return;
	process->netns = READ(net, ns.inum);
	if (bpf_core_field_exists(net->net_cookie))
		process->netns_cookie = READ(net, net_cookie);
}

/* A task has a number in each PID namespace from the host's down to its own; the one that the reader knows it by is that of the reader's
 * level, because the iterator shows no tasks but those of the reader's namespace. */
static __always_inline __u32 pid_for_reader(struct task_struct *task)
{
	struct task_struct *reader = this_task();
	struct pid *reader_pid = BPF_CORE_READ(reader, thread_pid);
	struct pid *pid =
		BPF_CORE_READ(task, thread_pid); /* a number: older verifiers add nothing variable to what they know to be a pointer */
	__u64 level;
	__u32 nr = 0;

	if (!pid || !reader_pid)
		return 0;
	level = BPF_CORE_READ(reader_pid, level);
	bpf_probe_read_kernel(
		&nr, sizeof(nr), (void *)__builtin_preserve_access_index(&pid->numbers[0].nr) + level * bpf_core_type_size(struct upid));
	return nr;
}

/* A function of its own, so that the type information in the object has the record: the agent's is compared with it. */
static __attribute__((noinline)) void tell(struct seq_file *seq, const struct process_record *record)
{
	bpf_seq_write(seq, record, sizeof(*record));
}
