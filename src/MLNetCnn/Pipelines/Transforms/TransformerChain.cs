using System.Collections;

namespace MLNetCnn.Pipelines;

/// <summary>Transformers one after the other; each takes part in some scopes (training, testing, scoring).</summary>
public sealed class TransformerChain<TLastTransformer> : ITransformer, ITransformerChain, IEnumerable<ITransformer>, IDisposable
    where TLastTransformer : class, ITransformer
{
    private readonly ITransformer[] _transformers;
    private readonly TransformerScope[] _scopes;

    /// <summary>Creates a chain of steps with their scopes.</summary>
    /// <exception cref="ArgumentException">The two lists differ in length, or the last step is not a <typeparamref name="TLastTransformer"/>.</exception>
    public TransformerChain(IEnumerable<ITransformer> transformers, IEnumerable<TransformerScope> scopes)
    {
        _transformers = [.. transformers];
        _scopes = [.. scopes];
        if (_transformers.Length != _scopes.Length)
        {
            throw new ArgumentException($"{_transformers.Length} transformers need as many scopes, not {_scopes.Length}", nameof(scopes));
        }

        LastTransformer = _transformers.LastOrDefault() as TLastTransformer;
        if (_transformers.Length > 0 && LastTransformer is null)
        {
            throw new ArgumentException($"the last transformer is {_transformers[^1].GetType().Name}, not {typeof(TLastTransformer).Name}", nameof(transformers));
        }
    }

    /// <summary>Creates a chain of steps that always take part.</summary>
    public TransformerChain(params ITransformer[] transformers)
        : this(transformers, transformers.Select(_ => TransformerScope.Everything))
    {
    }

    /// <summary>The last step; null where the chain is empty.</summary>
    public TLastTransformer? LastTransformer { get; }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => GetModelFor(TransformerScope.Scoring)._transformers.All(transformer => transformer.IsRowToRowMapper);

    IReadOnlyList<ITransformer> ITransformerChain.Transformers => _transformers;

    IReadOnlyList<TransformerScope> ITransformerChain.Scopes => _scopes;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetOutputSchema(inputSchema, TransformerScope.Scoring);

    /// <summary>The schema after the steps of <paramref name="scope"/>.</summary>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema, TransformerScope scope) =>
        GetModelFor(scope)._transformers.Aggregate(inputSchema, (schema, transformer) => transformer.GetOutputSchema(schema, scope));

    /// <summary>The view after the steps of the scoring scope.</summary>
    public IDataView Transform(IDataView input) => Transform(input, TransformerScope.Scoring);

    /// <summary>The view after the steps of <paramref name="scope"/>.</summary>
    public IDataView Transform(IDataView input, TransformerScope scope) =>
        GetModelFor(scope)._transformers.Aggregate(input, (view, transformer) => transformer.Transform(view, scope));

    /// <summary>The chain of the steps that take part in <paramref name="scopeFilter"/>.</summary>
    public TransformerChain<ITransformer> GetModelFor(TransformerScope scopeFilter)
    {
        var kept = Enumerable.Range(0, _transformers.Length).Where(index => (_scopes[index] & scopeFilter) != TransformerScope.None).ToArray();
        return new TransformerChain<ITransformer>(kept.Select(index => _transformers[index]), kept.Select(index => _scopes[index]));
    }

    /// <summary>The chain with one more step.</summary>
    public TransformerChain<TNewLast> Append<TNewLast>(TNewLast transformer, TransformerScope scope = TransformerScope.Everything)
        where TNewLast : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(transformer);
        return new TransformerChain<TNewLast>(_transformers.Append(transformer), _scopes.Append(scope));
    }

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        var schema = inputSchema;
        var mappers = new List<IRowToRowMapper>();
        foreach (var transformer in GetModelFor(TransformerScope.Scoring)._transformers)
        {
            mappers.Add(transformer.GetRowToRowMapper(schema));
            schema = mappers[^1].OutputSchema;
        }

        return new CompositeRowMapper(inputSchema, mappers);
    }

    /// <inheritdoc/>
    public IEnumerator<ITransformer> GetEnumerator() => _transformers.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Disposes the steps that hold resources.</summary>
    public void Dispose()
    {
        foreach (var transformer in _transformers.OfType<IDisposable>())
        {
            transformer.Dispose();
        }
    }
}

/// <summary>A chain whatever its last transformer.</summary>
internal interface ITransformerChain
{
    IReadOnlyList<ITransformer> Transformers { get; }

    IReadOnlyList<TransformerScope> Scopes { get; }

    IDataView Transform(IDataView input, TransformerScope scope);

    DataViewSchema GetOutputSchema(DataViewSchema inputSchema, TransformerScope scope);
}

/// <summary>Transformers in a scope: of a chain its steps of that scope, of any other all of it.</summary>
internal static class ScopedTransformers
{
    public static IDataView Transform(this ITransformer transformer, IDataView input, TransformerScope scope) =>
        transformer is ITransformerChain chain ? chain.Transform(input, scope) : transformer.Transform(input);

    public static DataViewSchema GetOutputSchema(this ITransformer transformer, DataViewSchema inputSchema, TransformerScope scope) =>
        transformer is ITransformerChain chain ? chain.GetOutputSchema(inputSchema, scope) : transformer.GetOutputSchema(inputSchema);
}
