using Microsoft.Extensions.DependencyInjection;

namespace MLNetCnn.Serving;

/// <summary>Says which models a service has and what it allows.</summary>
public sealed class ImageClassificationBuilder
{
    internal ImageClassificationBuilder(IServiceCollection services) => Services = services;

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The model .zip at <paramref name="filePath"/>, called like the file without its ending.</summary>
    /// <inheritdoc cref="FromFile(string, string, bool)"/>
    public ImageClassificationBuilder FromFile(string filePath, bool watchForChanges = true) =>
        FromFile(Path.GetFileNameWithoutExtension(filePath), filePath, watchForChanges);

    /// <summary>The model .zip at <paramref name="filePath"/>, as <paramref name="modelName"/>.</summary>
    /// <param name="modelName">Its name in addresses: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</param>
    /// <param name="filePath">The file.</param>
    /// <param name="watchForChanges">Whether a newer file takes its place while the service runs.</param>
    public ImageClassificationBuilder FromFile(string modelName, string filePath, bool watchForChanges = true) =>
        Configure(options => options.Models.AddFile(modelName, filePath, watchForChanges));

    /// <summary>The model .zip under <paramref name="uri"/>, as <paramref name="modelName"/>.</summary>
    /// <param name="modelName">Its name in addresses: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</param>
    /// <param name="uri">An absolute http or https address.</param>
    /// <param name="period">How often to ask for a newer one, above zero; <see cref="Timeout.InfiniteTimeSpan"/> for never.</param>
    public ImageClassificationBuilder FromUri(string modelName, Uri uri, TimeSpan period) =>
        Configure(options => options.Models.AddUri(modelName, uri, period));

    /// <summary>What the service allows.</summary>
    public ImageClassificationBuilder Configure(Action<ImageClassificationOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }
}
