/* queues WAY: POSIX message queues, with which threads wait for each other; and what the C library would do in threads
 * of its own. */
#define _GNU_SOURCE
#include <aio.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "in_two.h"

static const char* way;
static int given, counter;
static mqd_t queue;
/* Alone on its page, which the kernel must be let write to. */
#define ON_ITS_PAGE __attribute__((aligned(4096)))
static struct ON_ITS_PAGE { char text[64]; } buffer;
static struct ON_ITS_PAGE { unsigned value; } priority;
static struct ON_ITS_PAGE { struct mq_attr is, was; } attributes;

static int is(const char* name) { return strcmp(way, name) == 0; }

static void open_queue(int flags, int room) {
  char name[40];
  struct mq_attr wanted;
  memset(&wanted, 0, sizeof wanted);
  wanted.mq_maxmsg = room;
  wanted.mq_msgsize = sizeof buffer.text;
  sprintf(name, "/racecourse-%d", (int)getpid());
  mq_unlink(name);
  queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL | flags, 0600, &wanted);
  assert(queue == 3);
  assert(mq_unlink(name) == 0);
}

static struct timespec in_an_hour(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  time.tv_sec += 3600;
  return time;
}

/* What a message hands over is the receiver's; that there is room again says that a message was taken. */
static void* sends(void* unused) {
  given = 7;
  assert(mq_send(queue, "first", 6, 1) == 0);
  if (is("handed_late")) given = 8;
  if (is("refilled")) return unused;
  assert(mq_send(queue, "second", 7, 2) == 0);
  assert(counter == 1);
  return unused;
}

static void* receives(void* unused) {
  counter = 1;
  assert(mq_receive(queue, buffer.text, sizeof buffer.text, &priority.value) == 6);
  assert(strcmp(buffer.text, "first") == 0 && priority.value == 1 && given == 7);
  if (is("refilled")) assert(mq_receive(queue, buffer.text, sizeof buffer.text, NULL) == 7);
  if (is("handed") || is("handed_late")) assert(mq_receive(queue, buffer.text, sizeof buffer.text, NULL) == 7);
  return unused;
}

static void* sends_a(void* unused) {
  assert(mq_send(queue, "a", 1, 0) == 0);
  return unused;
}

static void* sends_b(void* unused) {
  assert(mq_send(queue, "b", 1, 0) == 0);
  return unused;
}

static void two_senders(void) {
  in_two(sends_a, sends_b);
  assert(mq_getattr(queue, &attributes.is) == 0 && attributes.is.mq_curmsgs == 2);
  assert(mq_receive(queue, buffer.text, sizeof buffer.text, NULL) == 1);
  assert(buffer.text[0] == 'a' || (buffer.text[0] == 'b' && is("any_order")));
}

static void* receives_in_time(void* unused) {
  const struct timespec soon = in_an_hour();
  struct timespec wrong = soon;
  assert(mq_timedreceive(queue, buffer.text, sizeof buffer.text, NULL, &soon) == -1 && errno == ETIMEDOUT);
  wrong.tv_nsec = 1000000000;
  assert(mq_timedreceive(queue, buffer.text, sizeof buffer.text, NULL, &wrong) == -1 && errno == EINVAL);
  assert(mq_timedsend(queue, "a", 1, 0, &soon) == 0);
  assert(mq_timedsend(queue, "a", 1, 0, &soon) == -1 && errno == ETIMEDOUT);
  return unused;
}

static void* sleeps(void* unused) {
  sleep(1);
  return unused;
}

static void* at_once(void* unused) {
  static const struct mq_attr waits;
  assert(mq_receive(queue, buffer.text, sizeof buffer.text, NULL) == -1 && errno == EAGAIN);
  assert(mq_send(queue, "a", 1, 0) == 0);
  assert(mq_send(queue, "a", 1, 0) == -1 && errno == EAGAIN);
  assert(mq_receive(queue, buffer.text, 1, NULL) == -1 && errno == EMSGSIZE);
  assert(mq_setattr(queue, &waits, &attributes.was) == 0 && attributes.was.mq_flags == O_NONBLOCK);
  assert(mq_receive(queue, buffer.text, sizeof buffer.text, NULL) == 1 && mq_close(queue) == 0);
  assert(mq_close(queue) == -1 && errno == EBADF);
  return unused;
}

static void* nothing(void* unused) { return unused; }

static void in_threads_of_the_library(void) {
  static struct aiocb request;
  static struct aiocb* requests[1] = {&request};
  static struct gaicb host;
  static struct gaicb* hosts[1] = {&host};
  static struct sigevent event;
  request.aio_buf = buffer.text;
  request.aio_nbytes = 1;
  if (is("aio_read")) aio_read(&request);
  if (is("aio_write")) aio_write(&request);
  if (is("aio_fsync")) aio_fsync(O_SYNC, &request);
  if (is("lio_listio")) lio_listio(LIO_WAIT, requests, 1, NULL);
  if (is("getaddrinfo_a")) getaddrinfo_a(GAI_WAIT, hosts, 1, NULL);
  if (is("mq_notify")) {
    open_queue(0, 1);
    event.sigev_notify = SIGEV_NONE;
    assert(mq_notify(queue, &event) == 0 && mq_notify(queue, NULL) == 0);
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGUSR1;
    mq_notify(queue, &event);
  }
}

int main(int count, char** arguments) {
  if (count < 2) return 2;
  way = arguments[1];
  if (strncmp(way, "handed", 6) == 0 || is("refilled")) {
    open_queue(0, 1);
    in_two(receives, sends);
  } else if (is("any_order") || is("one_order")) {
    open_queue(0, 2);
    two_senders();
  } else if (is("in_time")) {
    open_queue(0, 1);
    in_two(receives_in_time, sleeps);
  } else if (is("at_once")) {
    open_queue(O_NONBLOCK, 1);
    in_two(at_once, nothing);
  } else if (is("full")) {
    open_queue(0, 1);
    in_two(sends_a, sends_b);
  } else {
    in_threads_of_the_library();
  }
  return 0;
}
