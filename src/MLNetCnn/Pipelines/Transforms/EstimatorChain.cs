namespace MLNetCnn.Pipelines;

/// <summary>Estimators one after the other: each is fitted on what the transformers before it give.</summary>
public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>, IEstimatorChain
    where TLastTransformer : class, ITransformer
{
    private readonly EstimatorStep[] _steps;

    /// <summary>Creates an empty chain.</summary>
    public EstimatorChain()
        : this([])
    {
    }

    internal EstimatorChain(EstimatorStep[] steps)
    {
        _steps = steps;
        LastEstimator = steps.LastOrDefault()?.Estimator as IEstimator<TLastTransformer>;
    }

    IReadOnlyList<EstimatorStep> IEstimatorChain.Steps => _steps;

    /// <summary>The last estimator; null where the chain is empty.</summary>
    public IEstimator<TLastTransformer>? LastEstimator { get; }

    /// <inheritdoc/>
    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        // Before the first step trains for hours, the last one has to be known to fit.
        GetOutputSchema(SchemaShape.Create(input.Schema));
        var view = input;
        var transformers = new List<ITransformer>();
        foreach (var step in _steps)
        {
            var transformer = step.Estimator.Fit(view);
            transformers.Add(transformer);
            if (transformers.Count < _steps.Length)
            {
                view = transformer.Transform(view, TransformerScope.Everything);
                view = step.CacheAfter ? new CacheDataView(view, []) : view;
            }
        }

        return new TransformerChain<TLastTransformer>(transformers, _steps.Select(step => step.Scope));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        _steps.Aggregate(inputSchema, (shape, step) => step.Estimator.GetOutputSchema(shape));

    /// <summary>The chain with one more estimator, whose transformer takes part in <paramref name="scope"/>.</summary>
    public EstimatorChain<TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator, TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(estimator);
        return new EstimatorChain<TNewTrans>([.. _steps, new EstimatorStep((IEstimator<ITransformer>)estimator, scope, CacheAfter: false)]);
    }

    /// <summary>The chain with a cache after its last step, so that what follows reads the data there once and not once per pass.</summary>
    /// <param name="env">Not needed here; ML.NET asks for it.</param>
    /// <exception cref="InvalidOperationException">The chain is empty: cache the data with <c>mlContext.Data.Cache</c>.</exception>
    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(MLContext env)
    {
        ArgumentNullException.ThrowIfNull(env);
        return _steps.Length == 0
            ? throw new InvalidOperationException("an empty chain has nothing to cache: cache the data with mlContext.Data.Cache")
            : new EstimatorChain<TLastTransformer>([.. _steps[..^1], _steps[^1] with { CacheAfter = true }]);
    }
}

/// <summary>A chain whatever its last estimator.</summary>
internal interface IEstimatorChain
{
    IReadOnlyList<EstimatorStep> Steps { get; }
}

/// <summary>One estimator of a chain.</summary>
internal sealed record EstimatorStep(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool CacheAfter);

/// <summary>Puts estimators together.</summary>
public static class LearningPipelineExtensions
{
    /// <summary>A chain of <paramref name="start"/> and then <paramref name="estimator"/>.</summary>
    public static EstimatorChain<TTrans> Append<TTrans>(
        this IEstimator<ITransformer> start, IEstimator<TTrans> estimator, TransformerScope scope = TransformerScope.Everything)
        where TTrans : class, ITransformer =>
        new EstimatorChain<ITransformer>(start is IEstimatorChain chain ? [.. chain.Steps] : [new EstimatorStep(start, TransformerScope.Everything, CacheAfter: false)]).Append(estimator, scope);

    /// <summary>A chain of <paramref name="start"/> and a cache after it.</summary>
    public static EstimatorChain<TTrans> AppendCacheCheckpoint<TTrans>(this IEstimator<TTrans> start, MLContext env)
        where TTrans : class, ITransformer =>
        new EstimatorChain<ITransformer>().Append(start).AppendCacheCheckpoint(env);
}
