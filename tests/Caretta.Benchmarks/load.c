// SPDX-License-Identifier: Apache-2.0
/* TCP load in a network namespace of its own, on one CPU and in one thread: both ends of a connection take turns, so nothing waits for
 * a wake-up and what is measured is the kernel's path alone. Costs beside it show at their largest.
 *
 * Reads commands from standard input, a line each, and answers with a line each: operations, nanoseconds of CPU, nanoseconds by the clock.
 *   pingpong CONNECTIONS MILLISECONDS   an operation is 100 bytes there and 100 back on one connection
 *   bulk MILLISECONDS                   64 KiB one way
 *   churn MILLISECONDS                  connect, 100 bytes there and back, close */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE = 100, BULK = 64 * 1024, MOST_CONNECTIONS = 1000, WARM_UP_PARTS = 10 };

static struct sockaddr_in server = {.sin_family = AF_INET};
static int listener;
static int clients[MOST_CONNECTIONS], servers[MOST_CONNECTIONS];
static char buffer[BULK];

static void check(int succeeded, const char *what)
{
	if (succeeded)
		return;
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

/* In the state TIME_WAIT the connections of earlier rounds would slow the later ones down. */
static void without_time_wait(void)
{
	int setting = open("/proc/sys/net/ipv4/tcp_max_tw_buckets", O_WRONLY);

	check(write(setting, "0", 1) == 1, "tcp_max_tw_buckets");
	close(setting);
}

static void set_up(void)
{
	struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	socklen_t length = sizeof(server);
	cpu_set_t cpu;
	int control;

	CPU_ZERO(&cpu);
	CPU_SET(0, &cpu);
	check(!sched_setaffinity(0, sizeof(cpu), &cpu), "sched_setaffinity");
	check(!unshare(CLONE_NEWNET), "unshare");
	without_time_wait();
	control = socket(AF_INET, SOCK_DGRAM, 0);
	check(!ioctl(control, SIOCSIFFLAGS, &loopback), "lo");
	close(control);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	/* No congestion control with timers of its own. Children inherit it. */
	check(!setsockopt(listener, IPPROTO_TCP, TCP_CONGESTION, "reno", 4), "TCP_CONGESTION");
	server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	check(!bind(listener, (struct sockaddr *)&server, sizeof(server)), "bind");
	check(!listen(listener, MOST_CONNECTIONS), "listen");
	check(!getsockname(listener, (struct sockaddr *)&server, &length), "getsockname");
}

static void open_connection(int index)
{
	int one = 1;

	clients[index] = socket(AF_INET, SOCK_STREAM, 0);
	check(clients[index] >= 0, "socket");
	setsockopt(clients[index], IPPROTO_TCP, TCP_CONGESTION, "reno", 4);
	setsockopt(clients[index], IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	check(!connect(clients[index], (struct sockaddr *)&server, sizeof(server)), "connect");
	servers[index] = accept(listener, 0, 0);
	check(servers[index] >= 0, "accept");
	setsockopt(servers[index], IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

static void close_connection(int index)
{
	close(clients[index]);
	close(servers[index]);
}

static void move(int from, int to, int length)
{
	int got = 0;

	check(send(from, buffer, length, 0) == length, "send");
	while (got < length) {
		int part = recv(to, buffer, length - got, 0);

		check(part > 0, "recv");
		got += part;
	}
}

static void ping_pong(int index)
{
	move(clients[index], servers[index], MESSAGE);
	move(servers[index], clients[index], MESSAGE);
}

static void bulk(int index)
{
	move(clients[index], servers[index], BULK);
}

static void churn(int index)
{
	open_connection(index);
	ping_pong(index);
	close_connection(index);
}

static void run(void (*operation)(int), int connections, uint64_t nanoseconds, uint64_t *operations)
{
	uint64_t end = now(CLOCK_MONOTONIC) + nanoseconds;

	do {
		for (int i = 0; i < connections; i++)
			operation(i);
		*operations += connections;
	} while (now(CLOCK_MONOTONIC) < end);
}

static void measure(void (*operation)(int), int connections, uint64_t milliseconds)
{
	uint64_t operations = 0, cpu, clock;

	run(operation, connections, milliseconds * 1000000 / WARM_UP_PARTS, &operations);
	operations = 0;
	cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	clock = now(CLOCK_MONOTONIC);
	run(operation, connections, milliseconds * 1000000, &operations);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	clock = now(CLOCK_MONOTONIC) - clock;
	printf("%llu %llu %llu\n", (unsigned long long)operations, (unsigned long long)cpu, (unsigned long long)clock);
	fflush(stdout);
}

static void measure_open(void (*operation)(int), int connections, uint64_t milliseconds)
{
	for (int i = 0; i < connections; i++)
		open_connection(i);
	measure(operation, connections, milliseconds);
	for (int i = 0; i < connections; i++)
		close_connection(i);
}

int main(void)
{
	char line[100];
	int connections, milliseconds;

	set_up();
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "pingpong %d %d", &connections, &milliseconds) == 2 && connections <= MOST_CONNECTIONS)
			measure_open(ping_pong, connections, milliseconds);
		else if (sscanf(line, "bulk %d", &milliseconds) == 1)
			measure_open(bulk, 1, milliseconds);
		else if (sscanf(line, "churn %d", &milliseconds) == 1)
			measure(churn, 1, milliseconds);
		else
			return 2;
	}
	return 0;
}
