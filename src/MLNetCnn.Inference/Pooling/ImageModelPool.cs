using System.Collections.Frozen;

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MLNetCnn.Inference.Pooling;

/// <summary>
/// Named models for the whole of an application. A newer model .zip takes the place of the one before while predictions run: each
/// prediction ends on the model it began with, which is disposed after its last one; a damaged file changes nothing but
/// <see cref="ModelStatus.Error"/> and the log. Thread-safe.
/// </summary>
public sealed class ImageModelPool : IDisposable
{
    private readonly FrozenDictionary<string, PooledModel> _models;

    /// <summary>A pool of the models in <paramref name="options"/>; each is loaded when it is first asked for.</summary>
    /// <exception cref="OptionsValidationException">The options break rules; the message says all of them.</exception>
    public ImageModelPool(ImageModelPoolOptions options, ILogger<ImageModelPool>? logger = null)
    {
        var problems = options.Problems().ToList();
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(nameof(ImageModelPool), typeof(ImageModelPoolOptions), problems);
        }

        UnusedMemory.KeepLargeBlocksApart();
        Names = [.. options.Models.Select(model => model.Name)];
        _models = options.Models.ToFrozenDictionary(
            model => model.Name,
            model => new PooledModel(model.Name, model.Source, options.Model, logger ?? NullLogger<ImageModelPool>.Instance),
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The models' names, in the order in which they were added; case does not matter where one is asked for.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether there is a model of this name.</summary>
    public bool Contains(string modelName) => _models.ContainsKey(modelName);

    /// <summary>How the model is doing.</summary>
    /// <exception cref="ArgumentException">There is no model of this name.</exception>
    public ModelStatus Status(string modelName) => Find(modelName).Status;

    /// <summary>Loads every model; one that fails keeps none of the others from loading.</summary>
    /// <exception cref="ModelFormatException">A file is damaged, hostile, of an unknown version or no model.</exception>
    /// <exception cref="IOException">A file can't be opened.</exception>
    public Task LoadAsync(CancellationToken cancellationToken = default) =>
        Task.WhenAll(_models.Values.Select(model => model.LoadAsync())).WaitAsync(cancellationToken);

    /// <summary>The model of this name, until the lease is disposed; waits for its first load.</summary>
    /// <exception cref="ArgumentException">There is no model of this name.</exception>
    /// <exception cref="ModelFormatException">It could not be loaded.</exception>
    public ModelLease Rent(string modelName) => Find(modelName).Rent();

    /// <summary>Waits for the model's first load, beside so many others at most.</summary>
    /// <exception cref="ArgumentException">There is no model of this name.</exception>
    /// <exception cref="PredictionQueueFullException">As many wait already.</exception>
    internal Task WaitForAsync(string modelName, int most, CancellationToken cancellationToken) => Find(modelName).WaitAsync(most, cancellationToken);

    /// <summary>Ends loads under way; models that are loaded go on answering.</summary>
    internal void StopLoading()
    {
        foreach (var model in _models.Values)
        {
            model.StopLoading();
        }
    }

    /// <summary>Lets go of the models; predictions that run end first.</summary>
    public void Dispose()
    {
        foreach (var model in _models.Values)
        {
            model.Dispose();
        }
    }

    private PooledModel Find(string modelName) => _models.GetValueOrDefault(modelName)
        ?? throw new ArgumentException($"there is no model '{modelName}': there {(Names.Count == 1 ? "is" : "are")} {string.Join(", ", Names.Select(name => $"'{name}'"))}", nameof(modelName));
}
