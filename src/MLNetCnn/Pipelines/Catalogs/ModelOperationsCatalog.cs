namespace MLNetCnn.Pipelines;

/// <summary>Saving, loading and using models. The file formats are those of <see cref="MLContext.ComponentCatalog"/>.</summary>
public sealed class ModelOperationsCatalog
{
    private readonly MLContext _context;

    internal ModelOperationsCatalog(MLContext context) => _context = context;

    /// <summary>Writes a model into a file: beside it first, then in its place.</summary>
    /// <param name="model">A fitted pipeline.</param>
    /// <param name="inputSchema">The schema of the data that it takes; null: not said.</param>
    /// <param name="filePath">The file; replaced where it exists.</param>
    /// <exception cref="InvalidOperationException">No model format can hold it.</exception>
    public void Save(ITransformer model, DataViewSchema? inputSchema, string filePath)
    {
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        var format = FormatOf(model);
        AtomicFile.Write(filePath, unfinished =>
        {
            using var stream = File.Create(unfinished);
            format.Save(model, inputSchema, stream);
        });
    }

    /// <inheritdoc cref="Save(ITransformer, DataViewSchema?, string)"/>
    /// <param name="model">A fitted pipeline.</param>
    /// <param name="inputSchema">The schema of the data that it takes; null: not said.</param>
    /// <param name="stream">Where to; stays open.</param>
    public void Save(ITransformer model, DataViewSchema? inputSchema, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        FormatOf(model).Save(model, inputSchema, stream);
    }

    /// <summary>Reads a model from a file.</summary>
    /// <param name="filePath">The file.</param>
    /// <param name="inputSchema">The schema of the data that it takes; null where none was saved.</param>
    /// <exception cref="InvalidDataException">The file is none of a known format, is damaged, or holds an unknown kind of step.</exception>
    public ITransformer Load(string filePath, out DataViewSchema? inputSchema)
    {
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        using var stream = File.OpenRead(filePath);
        return Load(stream, filePath, out inputSchema);
    }

    /// <summary>Reads a model from a stream, from where it stands.</summary>
    /// <param name="stream">Where from; stays open.</param>
    /// <param name="inputSchema">The schema of the data that it takes; null where none was saved.</param>
    /// <exception cref="InvalidDataException">It is none of a known format, is damaged, or holds an unknown kind of step.</exception>
    public ITransformer Load(Stream stream, out DataViewSchema? inputSchema)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.CanSeek && stream.Position == 0)
        {
            return Load(stream, "the stream", out inputSchema);
        }

        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        return Load(copy, "the stream", out inputSchema);
    }

    /// <summary>What predicts single objects; not safe for several threads.</summary>
    /// <param name="transformer">A fitted pipeline that maps row to row.</param>
    /// <param name="ignoreMissingColumns">Whether members of <typeparamref name="TDst"/> without a column keep their value; else they are an error.</param>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, bool ignoreMissingColumns = true)
        where TSrc : class
        where TDst : class, new() =>
        CreatePredictionEngine<TSrc, TDst>(transformer, new PredictionEngineOptions { IgnoreMissingColumns = ignoreMissingColumns });

    /// <summary>What predicts single objects, made as <paramref name="options"/> say; not safe for several threads.</summary>
    /// <param name="transformer">A fitted pipeline that maps row to row.</param>
    /// <param name="options">How.</param>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class
        where TDst : class, new()
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(transformer, RowMember.Readable(typeof(TSrc)), options.IgnoreMissingColumns, options.OwnsTransformer);
    }

    /// <summary>What predicts single objects, with the vector sizes and key counts of <paramref name="inputSchema"/>; every member needs its column.</summary>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class
        where TDst : class, new()
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new(transformer, [.. RowMember.Readable(typeof(TSrc)).Select(member => member.As(inputSchema))], ignoreMissingColumns: false, ownsTransformer: true);
    }

    private IModelFormat FormatOf(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return _context.ComponentCatalog.ModelFormats.FirstOrDefault(format => format.CanSave(model)) ?? throw new InvalidOperationException(
            $"no model format can hold {string.Join(" → ", TransformerChainJson.Steps(model).Select(step => step.GetType().Name))}; known formats: {FormatNames()}");
    }

    private ITransformer Load(Stream stream, string name, out DataViewSchema? inputSchema)
    {
        foreach (var format in _context.ComponentCatalog.ModelFormats)
        {
            stream.Position = 0;
            if (format.CanLoad(stream))
            {
                stream.Position = 0;
                return format.Load(stream, _context.ComponentCatalog, out inputSchema);
            }
        }

        throw new InvalidDataException($"{name} is not a model of a known format ({FormatNames()})");
    }

    private string FormatNames() => _context.ComponentCatalog.ModelFormats is { Count: > 0 } formats ? string.Join(", ", formats.Select(format => format.Name)) : "none";
}
