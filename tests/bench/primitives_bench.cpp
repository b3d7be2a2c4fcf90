#include <racecourse/tests/bench/compare.h>

int main(int argc, char** argv) { return racecourse::bench::run_comparisons(argc, argv); }
