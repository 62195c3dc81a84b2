namespace MLNetCnn.Data;

/// <summary>One dataset at every size that its users ask for, each loaded once. Owns what it loaded.</summary>
/// <param name="load">Loads the dataset at a height and width; null for its own size.</param>
public sealed class SizedDatasets(Func<(int Height, int Width)?, ImageDataset> load) : IDisposable
{
    private readonly Dictionary<(int Height, int Width), ImageDataset> _loaded = [];
    private ImageDataset? _own;

    /// <summary>The dataset at its own size.</summary>
    public ImageDataset Own => _own ??= load(null);

    /// <summary>The dataset at a size; its own where that is null.</summary>
    public ImageDataset At((int Height, int Width)? size)
    {
        if (size is not { } wanted || (_own is not null && wanted == (_own.Train.Height, _own.Train.Width)))
        {
            return Own;
        }

        return _loaded.TryGetValue(wanted, out var known) ? known : _loaded[wanted] = load(wanted);
    }

    /// <summary>Gives the images' memory back.</summary>
    public void Dispose()
    {
        _own?.Dispose();
        foreach (var dataset in _loaded.Values)
        {
            dataset.Dispose();
        }
    }
}
