namespace MLNetCnn.Pipelines;

/// <summary>How a <see cref="PredictionEngine{TSrc, TDst}"/> is made.</summary>
public sealed class PredictionEngineOptions
{
    /// <summary>Whether members of the prediction without a column keep their value; else they are an error.</summary>
    /// <value>true.</value>
    public bool IgnoreMissingColumns { get; set; } = true;

    /// <summary>Whether disposing the engine disposes the transformer.</summary>
    /// <value>true.</value>
    public bool OwnsTransformer { get; set; } = true;
}

/// <summary>
/// Predicts single objects with a transformer: the getters are made once, and each prediction only swaps the object that they
/// read. Not safe for several threads; use one engine per thread.
/// </summary>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable
    where TSrc : class
    where TDst : class, new()
{
    private readonly ObjectRow<TSrc> _input;
    private readonly DataViewRow _output;
    private readonly Action<TDst> _fill;
    private readonly bool _ownsTransformer;

    private protected PredictionEngineBase(ITransformer transformer, IReadOnlyList<RowMember> inputs, bool ignoreMissingColumns, bool ownsTransformer)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        if (!transformer.IsRowToRowMapper)
        {
            throw new ArgumentException($"{transformer.GetType().Name} does not map row to row: an engine needs one output row for each input row", nameof(transformer));
        }

        Transformer = transformer;
        _ownsTransformer = ownsTransformer;
        _input = new ObjectRow<TSrc>(inputs);
        var mapper = transformer.GetRowToRowMapper(_input.Schema);
        OutputSchema = mapper.OutputSchema;
        var outputs = RowMember.Writable(typeof(TDst));
        _output = mapper.GetRow(_input, RowBinding.Columns(outputs, OutputSchema, typeof(TDst), ignoreMissingColumns));
        _fill = RowBinding.Filler<TDst>(outputs, _output);
    }

    /// <summary>The schema of what the transformer gives.</summary>
    public DataViewSchema OutputSchema { get; }

    private protected ITransformer Transformer { get; }

    /// <summary>The prediction for <paramref name="example"/>, in a new object.</summary>
    public TDst Predict(TSrc example)
    {
        var prediction = new TDst();
        Predict(example, ref prediction);
        return prediction;
    }

    /// <summary>The prediction for <paramref name="example"/>, into <paramref name="prediction"/>, whose arrays are reused.</summary>
    public abstract void Predict(TSrc example, ref TDst prediction);

    /// <summary>Frees what the getters hold, and the transformer where the engine owns it.</summary>
    public void Dispose()
    {
        _output.Dispose();
        if (_ownsTransformer && Transformer is IDisposable disposable)
        {
            disposable.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    private protected void Run(TSrc example, TDst prediction)
    {
        _input.Show(example);
        _fill(prediction);
    }
}

/// <inheritdoc/>
public sealed class PredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst>
    where TSrc : class
    where TDst : class, new()
{
    internal PredictionEngine(ITransformer transformer, IReadOnlyList<RowMember> inputs, bool ignoreMissingColumns, bool ownsTransformer)
        : base(transformer, inputs, ignoreMissingColumns, ownsTransformer)
    {
    }

    /// <inheritdoc/>
    public override void Predict(TSrc example, ref TDst prediction)
    {
        ArgumentNullException.ThrowIfNull(example);
        prediction ??= new TDst();
        Run(example, prediction);
    }
}
