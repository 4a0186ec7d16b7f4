// SPDX-License-Identifier: Apache-2.0
/* TCP load in a network namespace of its own, on one CPU and in one thread: both ends of a connection take turns, so nothing waits for
 * a wake-up and what is measured is the kernel's path alone. Costs beside it show at their largest.
 *
 * Reads commands from standard input, a line each, and answers with a line each: operations, nanoseconds of CPU, nanoseconds by the clock.
 *   pingpong CONNECTIONS MILLISECONDS   an operation is 100 bytes there and 100 back on one connection
 *   bulk MILLISECONDS                   64 KiB one way
 *   churn MILLISECONDS                  connect, 100 bytes there and back, close
 * and, without measuring, answered when done:
 *   hold CONNECTIONS SERVERS PORT CLIENTS   opens them, over so many server ports from PORT on and so many client addresses
 *   touch PART WHOLE                    a byte there and back on every WHOLE-th held connection, beginning with the PART-th
 *   release                             closes them */
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
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE = 100, BULK = 64 * 1024, MOST_CONNECTIONS = 100000, MOST_SERVERS = 10000, WARM_UP_PARTS = 10, BACKLOG = 16 };
enum { FIRST_CLIENT = 0x7f010001 /* 127.1.0.1 */ };

static struct sockaddr_in server = {.sin_family = AF_INET};
static int listener;
static int clients[MOST_CONNECTIONS], servers[MOST_CONNECTIONS];
static int held_listeners[MOST_SERVERS], held_servers, first_port, held;
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
	struct rlimit files;
	struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	socklen_t length = sizeof(server);
	cpu_set_t cpu;
	int control;

	CPU_ZERO(&cpu);
	CPU_SET(0, &cpu);
	check(!sched_setaffinity(0, sizeof(cpu), &cpu), "sched_setaffinity");
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	check(!setrlimit(RLIMIT_NOFILE, &files), "setrlimit");
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
	check(!listen(listener, BACKLOG), "listen");
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

static int listen_on(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
	int one = 1, file = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	check(!bind(file, (struct sockaddr *)&address, sizeof(address)), "bind a server");
	check(!listen(file, BACKLOG), "listen");
	return file;
}

/* Neighbours share a server: whoever touches every tenth connection touches every server of ten connections or more. */
static void hold_one(int index, int of, int client)
{
	struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(FIRST_CLIENT + client)};
	struct sockaddr_in to = server;
	int one = 1, at = (long)index * held_servers / of;

	to.sin_port = htons(first_port + at);
	clients[index] = socket(AF_INET, SOCK_STREAM, 0);
	check(clients[index] >= 0, "socket");
	/* The port is chosen by the connect, so that connections to different servers may have the same. */
	setsockopt(clients[index], IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
	check(!bind(clients[index], (struct sockaddr *)&from, sizeof(from)), "bind a client");
	check(!connect(clients[index], (struct sockaddr *)&to, sizeof(to)), "connect");
	servers[index] = accept(held_listeners[at], 0, 0);
	check(servers[index] >= 0, "accept");
}

static void hold(int connections, int server_ports, int port, int client_addresses)
{
	first_port = port;
	held_servers = server_ports;
	for (int i = 0; i < server_ports; i++)
		held_listeners[i] = listen_on(first_port + i);
	for (held = 0; held < connections; held++)
		hold_one(held, connections, held % client_addresses);
}

static void touch(int part, int whole)
{
	for (int i = part; i < held; i += whole) {
		move(clients[i], servers[i], 1);
		move(servers[i], clients[i], 1);
	}
}

static void release(void)
{
	while (held > 0)
		close_connection(--held);
	while (held_servers > 0)
		close(held_listeners[--held_servers]);
}

static void answer_done(void)
{
	printf("done\n");
	fflush(stdout);
}

int main(void)
{
	char line[100];
	int connections, milliseconds, server_ports, port, client_addresses, part, whole;

	set_up();
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "pingpong %d %d", &connections, &milliseconds) == 2 && connections <= MOST_CONNECTIONS)
			measure_open(ping_pong, connections, milliseconds);
		else if (sscanf(line, "bulk %d", &milliseconds) == 1)
			measure_open(bulk, 1, milliseconds);
		else if (sscanf(line, "churn %d", &milliseconds) == 1)
			measure(churn, 1, milliseconds);
		else if (sscanf(line, "hold %d %d %d %d", &connections, &server_ports, &port, &client_addresses) == 4 && connections <= MOST_CONNECTIONS
			 && server_ports <= MOST_SERVERS) {
			hold(connections, server_ports, port, client_addresses);
			answer_done();
		} else if (sscanf(line, "touch %d %d", &part, &whole) == 2) {
			touch(part, whole);
			answer_done();
		} else if (!strcmp(line, "release\n")) {
			release();
			answer_done();
		} else {
			return 2;
		}
	}
	return 0;
}
