namespace MLNetCnn.Training;

/// <summary>
/// Sets how many threads the calling thread's operations use while it lasts: one for operations too short to be worth sharing, or for
/// trainings beside others; all for a pass that others wait for.
/// </summary>
internal sealed class ThreadLimit : IDisposable
{
    private readonly int _before = get_num_threads();

    /// <param name="threads">1 or more.</param>
    public ThreadLimit(int threads) => set_thread_num_threads(threads);

    public void Dispose() => set_thread_num_threads(_before);
}
