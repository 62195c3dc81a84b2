namespace MLNetCnn.Data;

/// <summary>A lock between processes: a file held open by one of them. The system frees it when its holder ends, however it ends.</summary>
internal static class FileLock
{
    private const int LinuxWouldBlock = 11;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    /// <summary>Waits for the lock and takes it.</summary>
    /// <param name="path">The lock file, made where it is missing; its folder exists.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What frees the lock when disposed.</returns>
    public static IDisposable Acquire(string path, CancellationToken cancellation)
    {
        while (true)
        {
            // Who has to wait for nobody is not stopped by it.
            if (TryAcquire(path) is { } taken)
            {
                return taken;
            }

            cancellation.ThrowIfCancellationRequested();
            cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>Takes the lock where nobody has it; null otherwise.</summary>
    /// <param name="path">The lock file, made where it is missing; its folder exists.</param>
    /// <param name="options"><see cref="FileOptions.DeleteOnClose"/> for one that nobody waits for.</param>
    public static IDisposable? TryAcquire(string path, FileOptions options = FileOptions.None)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, options);
        }
        catch (IOException error) when (error.HResult is LinuxWouldBlock or WindowsSharingViolation)
        {
            return null;
        }
    }
}
