namespace MLNetCnn.Training;

/// <summary>Holds the calling thread's operations to one thread while it lasts: for operations too short to be worth sharing.</summary>
internal sealed class SingleThread : IDisposable
{
    private readonly int _before = get_num_threads();

    public SingleThread() => set_thread_num_threads(1);

    public void Dispose() => set_thread_num_threads(_before);
}
