/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* The kernel runs no program inside itself: what changes in an interrupt of on_state, on the same CPU, on_state does not see. It leaves
 * word of what it saw, for the one attached behind it. */
#pragma once

/* The change of state that on_state saw last on this CPU. */
struct event {
	__u64 sk;
	__u64 state;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event);
} latest SEC(".maps");

static __always_inline volatile struct event *latest_here(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&latest, &zero);
}

static __always_inline void leave_word(struct sock *sk, int state)
{
	volatile struct event *seen = latest_here();

	if (seen) {
		seen->sk = (__u64)sk;
		seen->state = state;
	}
}

/* Takes the word back, so that it is not taken for one about a socket that comes to lie here later. */
static __always_inline bool take_word(struct sock *sk, int state)
{
	volatile struct event *seen = latest_here();

	if (!seen || seen->sk != (__u64)sk || seen->state != state)
		return 0;
	seen->sk = 0;
	return 1;
}
