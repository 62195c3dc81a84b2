using Xunit.Sdk;
using Xunit.v3;

// The seed and the number of threads belong to the whole process: one test at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
