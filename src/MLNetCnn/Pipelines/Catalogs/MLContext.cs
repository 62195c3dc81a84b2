namespace MLNetCnn.Pipelines;

/// <summary>The starting point: everything is reached from its catalogs, and every random choice follows from its seed.</summary>
public sealed class MLContext
{
    private readonly Lock _lock = new();
    private readonly Random _random;

    /// <summary>Creates a context.</summary>
    /// <param name="seed">Makes what is done in the same order come out the same; null: random choices without a seed of their own differ from run to run.</param>
    public MLContext(int? seed = null)
    {
        Seed = seed;
        _random = seed is { } value ? new Random(value) : new Random();
        Data = new DataOperationsCatalog(this);
        Transforms = new TransformsCatalog(this);
        MulticlassClassification = new MulticlassClassificationCatalog(this);
        Model = new ModelOperationsCatalog(this);
    }

    /// <summary>What is going on: progress, and what was left out.</summary>
    public event EventHandler<LoggingEventArgs>? Log;

    /// <summary>The seed given, or null.</summary>
    public int? Seed { get; }

    /// <summary>Views from memory, splits, filters.</summary>
    public DataOperationsCatalog Data { get; }

    /// <summary>Estimators that prepare data.</summary>
    public TransformsCatalog Transforms { get; }

    /// <summary>Trainers and evaluation for choosing one of several classes.</summary>
    public MulticlassClassificationCatalog MulticlassClassification { get; }

    /// <summary>Saving, loading and using models.</summary>
    public ModelOperationsCatalog Model { get; }

    /// <summary>What models are saved and loaded with.</summary>
    public ComponentCatalog ComponentCatalog { get; } = new();

    /// <summary>A seed for a random choice that was given none; safe from several threads.</summary>
    public int NextSeed()
    {
        lock (_lock)
        {
            return _random.Next();
        }
    }

    /// <summary>Raises <see cref="Log"/>.</summary>
    /// <param name="kind">How much it matters.</param>
    /// <param name="source">The part that says it.</param>
    /// <param name="message">One line.</param>
    public void Write(ChannelMessageKind kind, string source, string message) => Log?.Invoke(this, new LoggingEventArgs(message, kind, source));
}

/// <summary>How much a message matters.</summary>
public enum ChannelMessageKind
{
    /// <summary>For finding faults.</summary>
    Trace = 0,

    /// <summary>Progress.</summary>
    Info = 1,

    /// <summary>Something was left out or looks wrong.</summary>
    Warning = 2,

    /// <summary>Something failed.</summary>
    Error = 3,
}

/// <summary>One message of <see cref="MLContext.Log"/>.</summary>
/// <param name="message">One line.</param>
/// <param name="kind">How much it matters.</param>
/// <param name="source">The part that says it.</param>
public sealed class LoggingEventArgs(string message, ChannelMessageKind kind, string source) : EventArgs
{
    /// <summary>The message with its source.</summary>
    public string Message => $"[Source={Source}, Kind={Kind}] {RawMessage}";

    /// <summary>The message alone.</summary>
    public string RawMessage { get; } = message;

    /// <summary>How much it matters.</summary>
    public ChannelMessageKind Kind { get; } = kind;

    /// <summary>The part that says it.</summary>
    public string Source { get; } = source;
}
