/*
 * A load generator for servers of JSON-RPC lines over a Unix domain socket: one thread, epoll.
 * bench/load/load.ts is the same in TypeScript, for machines without a C compiler; it describes the result.
 *
 * load SOCKET CLIENTS DEPTH SECONDS METHOD PARAMS EXPECTED
 *
 * Every client says hello, then keeps DEPTH requests `{"jsonrpc":"2.0","id":N,"method":METHOD,"params":PARAMS}` under
 * way for SECONDS. An answer that does not contain EXPECTED is an error. Prints one JSON object.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "histogram.h"

enum { INPUT_BYTES = 1 << 20, MAX_CLIENTS = 1000, MAX_DEPTH = 1000, ID_DIGITS = 10, SAMPLE_BYTES = 240 };

/* Ids are numbers of ten digits, so that a line keeps its length. A slot's ids are its number modulo the depth. */
static const uint64_t FIRST_ID = 1000000000;
static const uint64_t DRAIN_NS = 3000000000;

struct client {
  int descriptor;
  char *input;
  size_t input_length;
  char *output; /* what could not be written yet, or is gathered for one write */
  size_t output_length;
  uint64_t *sent_ns;  /* of each slot */
  uint64_t *next_id;  /* of each slot */
  int under_way;
};

static struct {
  size_t depth, clients;
  char *line; /* the request with room for its id */
  size_t line_length, id_at;
  const char *expected;
  size_t expected_length;
  uint64_t answers, in_time, errors;
  char first_error[SAMPLE_BYTES + 1];
  uint64_t end_ns;
  struct histogram latencies;
} run;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + time.tv_nsec;
}

static int connect_to(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) {
    fprintf(stderr, "The socket's path is too long: %s\n", path);
    exit(2);
  }
  strcpy(address.sun_path, path);
  int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
  if (descriptor < 0) fail("socket");
  if (connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0) fail(path);
  return descriptor;
}

/* Says hello and waits for the line that answers it; an echo server gives it back. */
static void say_hello(int descriptor) {
  static const char hello[] =
      "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"host/hello\",\"params\":{\"protocol\":1,\"client\":\"load/1\"}}\n";
  if (send(descriptor, hello, sizeof hello - 1, MSG_NOSIGNAL) != sizeof hello - 1) fail("hello");
  for (char byte = 0; byte != '\n';)
    if (read(descriptor, &byte, 1) != 1) fail("hello");
}

static void note_error(const char *line, size_t length) {
  if (run.errors++ > 0) return;
  if (length > SAMPLE_BYTES) length = SAMPLE_BYTES;
  memcpy(run.first_error, line, length);
}

/* The id of an answer; 0 when it has none of ours. */
static uint64_t id_of(const char *line, size_t length) {
  static const char mark[] = "\"id\":";
  const char *at = memmem(line, length, mark, sizeof mark - 1);
  if (at == NULL) return 0;
  at += sizeof mark - 1;
  uint64_t id = 0;
  for (; at < line + length && *at >= '0' && *at <= '9'; at++) id = id * 10 + (*at - '0');
  return id;
}

static void put_request(struct client *client, size_t slot, uint64_t sent_ns) {
  char *line = client->output + client->output_length;
  memcpy(line, run.line, run.line_length);
  uint64_t id = client->next_id[slot];
  client->next_id[slot] += run.depth;
  for (int digit = ID_DIGITS - 1; digit >= 0; digit--, id /= 10) line[run.id_at + digit] = '0' + id % 10;
  client->output_length += run.line_length;
  client->sent_ns[slot] = sent_ns;
  client->under_way++;
}

static void take_answer(struct client *client, const char *line, size_t length, uint64_t now) {
  uint64_t id = id_of(line, length);
  size_t slot = (id - FIRST_ID) % run.depth;
  if (id < FIRST_ID || id + run.depth != client->next_id[slot]) {
    note_error(line, length);
    return;
  }
  client->under_way--;
  run.answers++;
  if (memmem(line, length, run.expected, run.expected_length) == NULL) note_error(line, length);
  if (now >= run.end_ns) return;
  run.in_time++;
  histogram_add(&run.latencies, now - client->sent_ns[slot]);
  put_request(client, slot, now);
}

static void flush_output(struct client *client) {
  size_t written = 0;
  while (written < client->output_length) {
    ssize_t length = send(client->descriptor, client->output + written, client->output_length - written, MSG_NOSIGNAL);
    if (length < 0 && errno != EINTR) fail("send");
    if (length > 0) written += length;
  }
  client->output_length = 0;
}

/* One read, the lines in it, and one write of the requests that follow. */
static void read_answers(struct client *client) {
  ssize_t length =
      read(client->descriptor, client->input + client->input_length, INPUT_BYTES - client->input_length);
  if (length < 0 && errno == EINTR) return;
  if (length <= 0) {
    fprintf(stderr, "The server closed the connection.\n");
    exit(1);
  }
  uint64_t now = now_ns();
  char *line = client->input;
  char *end = client->input + client->input_length + length;
  for (char *feed; (feed = memchr(line, '\n', end - line)) != NULL; line = feed + 1)
    take_answer(client, line, feed - line, now);
  client->input_length = end - line;
  memmove(client->input, line, client->input_length);
  flush_output(client);
}

static struct client open_client(const char *path) {
  struct client client = {.descriptor = connect_to(path)};
  client.input = malloc(INPUT_BYTES);
  client.output = malloc(run.line_length * run.depth);
  client.sent_ns = calloc(run.depth, sizeof *client.sent_ns);
  client.next_id = calloc(run.depth, sizeof *client.next_id);
  for (size_t slot = 0; slot < run.depth; slot++) client.next_id[slot] = FIRST_ID + slot;
  say_hello(client.descriptor);
  return client;
}

static size_t total_under_way(const struct client *clients) {
  size_t total = 0;
  for (size_t i = 0; i < run.clients; i++) total += clients[i].under_way;
  return total;
}

/* Runs until the time is over and what was under way has come, or for three seconds more. */
static void serve(struct client *clients, int epoll) {
  for (;;) {
    uint64_t now = now_ns();
    if (now >= run.end_ns && (total_under_way(clients) == 0 || now > run.end_ns + DRAIN_NS)) return;
    struct epoll_event events[64];
    int ready = epoll_wait(epoll, events, 64, 100);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    for (int i = 0; i < ready; i++) read_answers(events[i].data.ptr);
  }
}

static void print_result(double seconds, size_t lost) {
  const struct histogram *h = &run.latencies;
  printf("{\"answers\":%llu,\"perSecond\":%.1f,\"p50Us\":%.2f,\"p90Us\":%.2f,\"p99Us\":%.2f,\"maxUs\":%.2f,",
         (unsigned long long)run.answers, run.in_time / seconds, histogram_at(h, 0.5) / 1e3,
         histogram_at(h, 0.9) / 1e3, histogram_at(h, 0.99) / 1e3, h->largest / 1e3);
  printf("\"errors\":%llu,\"lost\":%zu,\"firstError\":\"", (unsigned long long)run.errors, lost);
  for (const char *at = run.first_error; *at; at++) {
    if (*at == '"' || *at == '\\') putchar('\\');
    if ((unsigned char)*at >= ' ') putchar(*at);
  }
  printf("\"}\n");
}

static void make_line(const char *method, const char *params) {
  static const char head[] = "{\"jsonrpc\":\"2.0\",\"id\":";
  run.id_at = sizeof head - 1;
  int length = asprintf(&run.line, "%s%0*d,\"method\":\"%s\",\"params\":%s}\n", head, ID_DIGITS, 0, method, params);
  if (length < 0) fail("asprintf");
  run.line_length = length;
}

int main(int count, char **arguments) {
  if (count != 8) {
    fprintf(stderr, "usage: load SOCKET CLIENTS DEPTH SECONDS METHOD PARAMS EXPECTED\n");
    return 2;
  }
  run.clients = strtoul(arguments[2], NULL, 10);
  run.depth = strtoul(arguments[3], NULL, 10);
  double seconds = strtod(arguments[4], NULL);
  if (run.clients < 1 || run.clients > MAX_CLIENTS || run.depth < 1 || run.depth > MAX_DEPTH || seconds <= 0) {
    fprintf(stderr, "CLIENTS and DEPTH are 1 to 1000, SECONDS above 0.\n");
    return 2;
  }
  make_line(arguments[5], arguments[6]);
  run.expected = arguments[7];
  run.expected_length = strlen(run.expected);
  int epoll = epoll_create1(0);
  struct client *clients = calloc(run.clients, sizeof *clients);
  for (size_t i = 0; i < run.clients; i++) {
    clients[i] = open_client(arguments[1]);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &clients[i]};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].descriptor, &event) < 0) fail("epoll_ctl");
  }
  uint64_t started = now_ns();
  run.end_ns = started + (uint64_t)(seconds * 1e9);
  for (size_t i = 0; i < run.clients; i++) {
    for (size_t slot = 0; slot < run.depth; slot++) put_request(&clients[i], slot, now_ns());
    flush_output(&clients[i]);
  }
  serve(clients, epoll);
  print_result(seconds, total_under_way(clients));
  return 0;
}
