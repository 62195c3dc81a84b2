namespace MLNetCnn.Inference.Pooling;

/// <summary>The models of a pool and how they run.</summary>
public sealed class ImageModelPoolOptions
{
    private readonly List<(string Name, IModelSource Source)> _models = [];

    /// <summary>How each model runs.</summary>
    public ImageModelOptions Model { get; set; } = new();

    /// <summary>How predictions wait for their turn (<see cref="PredictionQueue"/>).</summary>
    public PredictionQueueOptions Queue { get; set; } = new();

    /// <summary>The names of the models so far.</summary>
    public IEnumerable<string> Names => _models.Select(model => model.Name);

    internal IReadOnlyList<(string Name, IModelSource Source)> Models => _models;

    /// <summary>Adds the model .zip at <paramref name="filePath"/>.</summary>
    /// <param name="modelName">What it is called; distinct in the pool.</param>
    /// <param name="filePath">The file.</param>
    /// <param name="watchForChanges">Whether a newer file takes its place while it runs: looked for once a second.</param>
    public void AddFile(string modelName, string filePath, bool watchForChanges = true)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(filePath);
        _models.Add((modelName, new FileModelSource(filePath, watchForChanges)));
    }

    /// <summary>Adds the model .zip that HTTP gives under <paramref name="uri"/>.</summary>
    /// <param name="modelName">What it is called; distinct in the pool.</param>
    /// <param name="uri">An absolute http or https address.</param>
    /// <param name="period">How often to ask for a newer one, above zero; <see cref="Timeout.InfiniteTimeSpan"/> for never.</param>
    /// <exception cref="ArgumentException">The address or the period is none of these.</exception>
    public void AddUri(string modelName, Uri uri, TimeSpan period)
    {
        if (!uri.IsAbsoluteUri || uri.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"'{uri}' is no absolute http or https address: give the model .zip's, or use a file", nameof(uri));
        }

        if (period <= TimeSpan.Zero && period != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentException($"the period is {period}: it is above zero, or Timeout.InfiniteTimeSpan", nameof(period));
        }

        _models.Add((modelName, new UriModelSource(uri, period)));
    }

    /// <summary>Every rule that these options break, one line each; empty when they are sound.</summary>
    public IEnumerable<string> Problems()
    {
        if (_models.Count == 0)
        {
            yield return "there is no model: add one with FromFile or FromUri";
        }

        foreach (var (name, _) in _models.CountBy(model => model.Name, StringComparer.OrdinalIgnoreCase).Where(count => count.Value > 1))
        {
            yield return $"two models are called '{name}': give them distinct names, on the command line as NAME=FILE";
        }

        foreach (var problem in Model.Problems().Concat(Queue.Problems()))
        {
            yield return problem;
        }
    }
}
