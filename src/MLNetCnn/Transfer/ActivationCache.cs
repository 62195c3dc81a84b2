using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.Transfer;

/// <summary>
/// What frozen parts made of images, on disk: one file of rows for each stored set of images and all that its rows depend on. Only
/// rows that nobody asked for yet are computed, so that subsets, trials and processes share them, and a kill costs one batch.
/// </summary>
/// <param name="cacheFolder">The cache's root.</param>
internal sealed class ActivationCache(string cacheFolder)
{
    // Changes whenever other numbers would be written for the same input.
    private const int FormatVersion = 1;

    private const int BatchSize = 32;

    private readonly CacheSpace _space = new(cacheFolder);

    /// <summary>Opens the rows of <paramref name="images"/>, having those computed that are missing.</summary>
    /// <param name="images">The images.</param>
    /// <param name="part">Computes rows.</param>
    /// <param name="identity">All that the rows depend on besides the images.</param>
    /// <param name="view">Takes stored images, by place, as the frozen part wants them: as they are, or one of their augmented views.</param>
    /// <param name="progress">Told the rows done of those that were missing.</param>
    /// <param name="stop">Stops; what is done is kept.</param>
    public ActivationRows Open(
        ImageSet images, FrozenPart part, string identity, Func<Tensor, Tensor> view, Action<int, int> progress, CancellationToken stop)
    {
        var key = Checksum.OfText(string.Join(
            '\n', $"activations {FormatVersion}", images.StoredFingerprint, identity, string.Join('x', part.OutputShape), part.OutputType));
        CacheFolder.Create(_space.Activations);
        var path = Path.Combine(_space.Activations, key);
        try
        {
            using var hold = FileLock.Acquire(path + ".lock", stop);
            Complete(path, images, part, view, progress, stop);
            CacheSpace.Touch(path + ".done");
            return new ActivationRows(path + ".rows", images.StoredCount, part.OutputShape, part.OutputType);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CacheFolder.Unwritable($"the cache of features {path}", error);
        }
    }

    // A row is marked as done after it is written: after a kill, it is there or it is computed again.
    private void Complete(string path, ImageSet images, FrozenPart part, Func<Tensor, Tensor> view, Action<int, int> progress, CancellationToken stop)
    {
        using var rows = new FileStream(path + ".rows", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        using var marks = new FileStream(path + ".done", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        var rowBytes = ActivationRows.BytesOf(part.OutputShape, part.OutputType);
        if (rows.Length != images.StoredCount * rowBytes)
        {
            marks.SetLength(0);
            _space.MakeRoom(images.StoredCount * rowBytes);
            rows.SetLength(images.StoredCount * rowBytes);
        }

        marks.SetLength(images.StoredCount);
        var done = new byte[images.StoredCount];
        marks.ReadExactly(done);
        long[] missing = [.. images.Indices.Distinct().Where(place => done[place] == 0).Order().Select(place => (long)place)];
        if (missing.Length == 0)
        {
            return;
        }

        // Trainings beside this one wait for the same rows, or need one thread.
        using var all = new ThreadLimit(Environment.ProcessorCount);
        for (var start = 0; start < missing.Length; start += BatchSize)
        {
            stop.ThrowIfCancellationRequested();
            var places = missing.AsSpan(start, Math.Min(BatchSize, missing.Length - start));
            using var scope = NewDisposeScope();
            var output = part.Run(view(tensor<long>(places)));
            Write(rows, places, ActivationRows.AsBytes(output), (int)rowBytes);
            foreach (var place in places)
            {
                marks.Position = place;
                marks.WriteByte(1);
            }

            progress(start + places.Length, missing.Length);
        }
    }

    private static void Write(FileStream rows, ReadOnlySpan<long> places, ReadOnlySpan<byte> bytes, int rowBytes)
    {
        for (var start = 0; start < places.Length;)
        {
            var end = start + 1;
            while (end < places.Length && places[end] == places[end - 1] + 1)
            {
                end++;
            }

            rows.Position = places[start] * rowBytes;
            rows.Write(bytes[(start * rowBytes)..(end * rowBytes)]);
            start = end;
        }
    }
}
