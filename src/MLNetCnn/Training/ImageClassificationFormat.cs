using System.Text.Json.Nodes;

using MLNetCnn.Inference;
using MLNetCnn.Training;

[assembly: LoadableModelFormat<ImageClassificationFormat>]

namespace MLNetCnn.Training;

/// <summary>The model .zip as <c>mlContext.Model</c> saves and loads it: the pipeline's steps stand in its <c>model.json</c>.</summary>
public sealed class ImageClassificationFormat : IModelFormat
{
    private static readonly byte[] ZipSignature = "PK"u8.ToArray();

    /// <inheritdoc/>
    public string Name => "image classification .zip";

    /// <inheritdoc/>
    public bool CanSave(ITransformer model) => TransformerChainJson.Steps(model).OfType<ImageClassificationTransformer>().Count() == 1;

    /// <inheritdoc/>
    public bool CanLoad(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Span<byte> start = stackalloc byte[2];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(ZipSignature);
    }

    /// <inheritdoc/>
    public void Save(ITransformer model, DataViewSchema? inputSchema, Stream stream)
    {
        var package = TransformerChainJson.Steps(model).OfType<ImageClassificationTransformer>().Single().Package;
        var pipeline = new JsonArray(
            new JsonObject { ["inputSchema"] = inputSchema is null ? null : DataViewSchemaJson.ToJson(inputSchema) },
            new JsonObject { ["steps"] = TransformerChainJson.ToJson(model) });
        (package with { Metadata = package.Metadata with { Pipeline = pipeline } }).Write(stream);
    }

    /// <inheritdoc/>
    public ITransformer Load(Stream stream, ComponentCatalog catalog, out DataViewSchema? inputSchema)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var package = ModelPackage.Read(stream);
        inputSchema = null;
        if (package.Metadata.Pipeline.Count == 0)
        {
            return new ImageClassificationTransformer(package, new ImageClassificationColumns());
        }

        var known = catalog.With(ImageClassificationTransformer.Kind, parameters => ImageClassificationTransformer.Load(package, parameters));
        var entries = package.Metadata.Pipeline.OfType<JsonObject>().SelectMany(entry => entry).ToDictionary(entry => entry.Key, entry => entry.Value);
        inputSchema = entries.GetValueOrDefault("inputSchema") is JsonArray columns ? DataViewSchemaJson.FromJson(columns, known) : null;
        return entries.GetValueOrDefault("steps") is JsonArray steps
            ? TransformerChainJson.FromJson(steps, known)
            : throw new InvalidDataException("model.json's pipeline has no steps: the model is damaged or of another version");
    }
}
