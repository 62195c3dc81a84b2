namespace MLNetCnn.Pipelines;

/// <summary>A kind of model file. <c>mlContext.Model</c> finds the one that suits; the library's own is named by an assembly attribute.</summary>
public interface IModelFormat
{
    /// <summary>What a reader calls it, for messages (for example <c>image classification .zip</c>).</summary>
    string Name { get; }

    /// <summary>Whether <paramref name="model"/> can be written in this format.</summary>
    bool CanSave(ITransformer model);

    /// <summary>Whether <paramref name="stream"/> begins like a file of this format; it is seekable and may be left anywhere.</summary>
    bool CanLoad(Stream stream);

    /// <summary>Writes the model and the schema of the data that it takes.</summary>
    /// <param name="model">A model that <see cref="CanSave"/>.</param>
    /// <param name="inputSchema">The schema, or null where the caller does not say.</param>
    /// <param name="stream">Where to; may not be seekable, and stays open.</param>
    void Save(ITransformer model, DataViewSchema? inputSchema, Stream stream);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="stream">Where from; seekable, at the start, and stays open.</param>
    /// <param name="catalog">The kinds of step that are known.</param>
    /// <param name="inputSchema">The schema that was saved; null where there was none.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or holds what is not known here.</exception>
    ITransformer Load(Stream stream, ComponentCatalog catalog, out DataViewSchema? inputSchema);
}
