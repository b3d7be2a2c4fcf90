// Whether an execution begins where the first one did: every difference is a bit of the exit status.
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

std::atomic<int> global{0};
std::vector<std::string>* on_the_heap = new std::vector<std::string>{"as it was"};
thread_local int of_the_thread = 0;

int main(int count, char** arguments) {
  int differences = 0;
  if (global.fetch_add(1) != 0) differences |= 1;
  if (on_the_heap->size() != 1) differences |= 2;
  on_the_heap->push_back("longer");
  if (of_the_thread++ != 0) differences |= 4;

  const char* colour = std::getenv("COLOUR");
  if (colour == nullptr || std::string(colour) != "blue") differences |= 8;
  setenv("COLOUR", "red", 1);
  setenv("SHAPE", "round", 1);

  bool verbose = false;
  for (int option; (option = getopt(count, arguments, "v")) != -1;) verbose |= option == 'v';
  if (!verbose || optind != 2 || count != 3 || std::strcmp(arguments[optind], "words") != 0) differences |= 16;
  arguments[2][0] = 'W';

  char line[16] = "";
  std::string second;
  if (std::fgets(line, sizeof line, stdin) == nullptr || std::strcmp(line, "one\n") != 0) differences |= 32;
  if (!std::getline(std::cin, second) || second != "two" || std::getchar() != EOF) differences |= 64;

  if (umask(0123) == 0123) differences |= 128;

  // More than one execution must be worth while.
  std::thread other([] { global.fetch_add(1); });
  global.fetch_add(1);
  other.join();
  return differences;
}
