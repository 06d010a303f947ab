/*
 * An echo server over a Unix domain socket: writes back what it reads, knows nothing of lines, one thread, epoll.
 * It is the ceiling that the host is held against: nothing that answers over this socket can do less.
 *
 * echo SOCKET: listens until it is ended.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { BUFFER_BYTES = 256 * 1024, MAX_EVENTS = 64 };

static char buffer[BUFFER_BYTES];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int listen_at(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) {
    fprintf(stderr, "The socket's path is too long: %s\n", path);
    exit(2);
  }
  strcpy(address.sun_path, path);
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  if (listener < 0) fail("socket");
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
  if (listen(listener, 128) < 0) fail("listen");
  return listener;
}

static void watch(int epoll, int descriptor) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) < 0) fail("epoll_ctl");
}

/* Writes everything; a peer that does not read makes it wait, which the load generator never does. */
static int write_all(int descriptor, const char *bytes, ssize_t length) {
  while (length > 0) {
    ssize_t written = send(descriptor, bytes, length, MSG_NOSIGNAL);
    if (written < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    bytes += written;
    length -= written;
  }
  return 0;
}

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: echo SOCKET\n");
    return 2;
  }
  int listener = listen_at(arguments[1]);
  int epoll = epoll_create1(0);
  if (epoll < 0) fail("epoll_create1");
  watch(epoll, listener);
  for (;;) {
    struct epoll_event events[MAX_EVENTS];
    int ready = epoll_wait(epoll, events, MAX_EVENTS, -1);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    for (int i = 0; i < ready; i++) {
      int descriptor = events[i].data.fd;
      if (descriptor == listener) {
        int peer = accept(listener, NULL, NULL);
        if (peer >= 0) watch(epoll, peer);
        continue;
      }
      ssize_t length = read(descriptor, buffer, sizeof buffer);
      if (length < 0 && errno == EINTR) continue;
      if (length <= 0 || write_all(descriptor, buffer, length) < 0) close(descriptor);
    }
  }
}
