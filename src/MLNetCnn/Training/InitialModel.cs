using System.Security.Cryptography;
using System.Text.Json;

using MLNetCnn.Inference;
using MLNetCnn.Transfer;

namespace MLNetCnn.Training;

/// <summary>A model .zip whose training is continued: on new images, or for other classes.</summary>
internal sealed class InitialModel
{
    private readonly string _path;
    private readonly ModelPackage _package;

    /// <summary>Reads a model .zip.</summary>
    /// <exception cref="ConfigurationException">It cannot be read, or has no weights to go on from.</exception>
    public InitialModel(string path)
    {
        _path = path;
        if (!File.Exists(path))
        {
            throw new ConfigurationException($"initialModel is {path}: {(Directory.Exists(path) ? "that is a folder, give the model.zip in it" : "there is no such file")}");
        }

        try
        {
            _package = ModelPackage.Read(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ModelFormatException)
        {
            throw new ConfigurationException($"initialModel {path} cannot be read: {error.Message}");
        }

        if (_package.Metadata.Quantization is not null)
        {
            throw new ConfigurationException($"initialModel {path} is quantized: give the float model that it was made of");
        }

        if (_package.Metadata.Members is { } members)
        {
            throw new ConfigurationException($"initialModel {path} is a vote of {string.Join(", ", members.Select(member => member.Name))}: give the model of one of them");
        }

        if (_package.Weights.IsEmpty)
        {
            throw new ConfigurationException($"initialModel {path} has no weights.safetensors: it can predict, but its training cannot go on");
        }
    }

    /// <summary>What the model says about itself.</summary>
    public ModelMetadata Metadata => _package.Metadata;

    /// <summary>SHA-256 of its weights, in hexadecimal.</summary>
    public string Key => Convert.ToHexStringLower(SHA256.HashData(_package.Weights.Span));

    /// <summary>Its name and the checksum of its weights.</summary>
    public string Source => $"{Path.GetFileName(_path)} {Key}";

    /// <summary>Whether it is a head of one's own on a backbone.</summary>
    public bool IsTransfer => Metadata.Architecture.Head is not null;

    /// <summary>The settings of its head.</summary>
    public HeadSettings Head => Metadata.Architecture.Head.Deserialize<HeadSettings>(RecordJson.Options) ?? new();

    /// <summary>
    /// Gives a network the model's weights. What belongs to a class goes to the class of the same name; classes that the model does
    /// not know keep their first, random weights.
    /// </summary>
    /// <param name="network">The network, or a part of one.</param>
    /// <param name="labels">Its classes.</param>
    /// <param name="prefix">What the names in the model begin with, for a part.</param>
    /// <exception cref="ConfigurationException">The weights do not fit, or are damaged.</exception>
    public void LoadInto(Module network, IReadOnlyList<string> labels, string prefix = "")
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var stream = new MemoryStream(_package.Weights.ToArray(), writable: false);
        var saved = Tensors(stream)
            .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value);
        var rows = ClassRows.Find(labels, Metadata.Labels);
        foreach (var (name, own) in labels.SequenceEqual(Metadata.Labels) ? [] : LastLayer(network))
        {
            if (saved.TryGetValue(name, out var given) && given.shape[0] == Metadata.Labels.Count && given.shape.AsSpan(1).SequenceEqual(own.shape.AsSpan(1)))
            {
                saved[name] = own.clone();
                ClassRows.Copy(given, saved[name], rows);
            }
        }

        try
        {
            network.load_state_dict(saved);
        }
        catch (ArgumentException misfit)
        {
            throw new ConfigurationException($"initialModel {_path} does not fit: {misfit.Message}");
        }
    }

    private Dictionary<string, Tensor> Tensors(Stream weights)
    {
        try
        {
            return Safetensors.Read(weights, _path).Tensors;
        }
        catch (InvalidDataException damage)
        {
            throw new ConfigurationException($"initialModel {_path} has damaged weights: {damage.Message}");
        }
    }

    // The weights and bias of the last layer that has weights: of all layers, it alone has a row for each class.
    private static IEnumerable<KeyValuePair<string, Tensor>> LastLayer(Module network)
    {
        var last = network.named_modules().Last(entry => entry.module.parameters(recurse: false).Any());
        return last.module.state_dict().Select(entry => KeyValuePair.Create($"{last.name}.{entry.Key}", entry.Value));
    }
}
