/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* Iterators that every kernel with iterators runs: what is in the tables, and who runs where. */
#pragma once

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
static __always_inline bool tells(struct task_struct *task)
{
	struct task_struct *leader = READ(task, group_leader);

	return READ(task, nsproxy) && (task == leader || !READ(leader, nsproxy));
}

SEC("iter/task")
int processes(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct process_record record = {.size = sizeof(record.process)};

	if (!task || !tells(task))
		return 0;
	fill_netns(&record.process, task);
	record.process.cgroup_id = cgroup_of_task(task);
	record.process.pid = pid_for_reader(READ(task, group_leader));
	copy_comm(record.process.comm, task);
	tell(ctx->meta->seq, &record);
	return 0;
}
