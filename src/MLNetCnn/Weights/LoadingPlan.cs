using System.Globalization;

using MLNetCnn.Weights.Formats;

namespace MLNetCnn.Weights;

/// <summary>Which tensor of a file goes where in a network, and how it must be turned for that.</summary>
internal sealed class LoadingPlan
{
    private const string BatchCounter = "num_batches_tracked";
    private const int Colours = 3;

    // So many are taken in at a glance; the weights of another network differ in hundreds.
    private const int Few = 10;

    private readonly WeightsManifest _manifest;
    private readonly IReadOnlyDictionary<string, Tensor> _network;
    private readonly string? _stem;
    private readonly List<Planned> _tensors = [];

    /// <param name="manifest">What the weights are.</param>
    /// <param name="stored">The file's tensors.</param>
    /// <param name="network">The network's state.</param>
    /// <param name="headPrefix">What the names of the head's tensors begin with; null where that is not known.</param>
    public LoadingPlan(WeightsManifest manifest, IReadOnlyList<StoredTensor> stored, IReadOnlyDictionary<string, Tensor> network, string? headPrefix)
    {
        _manifest = manifest;
        _network = network;
        _stem = network.FirstOrDefault(entry => entry.Value.dim() == 4).Key;
        var headless = headPrefix is not null && !network.Keys.Any(IsHead);
        foreach (var tensor in stored)
        {
            if (manifest.Tensors.Map(tensor.Name) is { } mapped && !(headless && IsHead(mapped.Name)))
            {
                _tensors.Add(new(tensor, mapped.Name, mapped.Layout));
            }
        }

        bool IsHead(string name) => name.StartsWith(headPrefix!, StringComparison.Ordinal);
    }

    /// <summary>Why the file does not fit the network: a line for each kind of problem, with all tensors that have it, those of a layer together where they are many.</summary>
    /// <param name="path">The file, for messages.</param>
    public IEnumerable<string> Problems(string path)
    {
        var target = _manifest.Architecture;
        var given = _tensors.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);

        // Files from before PyTorch 0.4.1, and all of Keras's, do not count batches; inference needs no count.
        return Listed(
            (_network.Keys.Where(name => !given.Contains(name) && !name.EndsWith(BatchCounter, StringComparison.Ordinal)), "lacks what {0} needs"),
            (_tensors.Where(tensor => !_network.ContainsKey(tensor.Name)).Select(Renamed), "holds what {0} does not know"),
            (_tensors.GroupBy(tensor => tensor.Name).Where(group => group.Count() > 1).Select(group => $"{group.Key} ({string.Join(", ", group.Select(tensor => tensor.Stored.Name))})"), "holds several tensors for one of {0}"),
            (_tensors.Where(tensor => _network.ContainsKey(tensor.Name) && !Fits(tensor)).Select(Misshapen), "holds another shape than {0} needs"));

        IEnumerable<string> Listed(params (IEnumerable<string> Names, string What)[] kinds) => kinds
            .Select(kind => (Names: kind.Names.ToList(), kind.What))
            .Where(kind => kind.Names.Count > 0)
            .Select(kind => $"{path} {kind.What.Replace("{0}", target, StringComparison.Ordinal)}: {All(kind.Names)}");
    }

    private static string All(List<string> names) => names.Count > Few
        ? string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names.GroupBy(Layer).SelectMany(Together))} ({names.Count} in all)")
        : string.Join(", ", names);

    // What a layer is called: all but the last part of a plain name.
    private static string Layer(string name) => name.Contains(' ', StringComparison.Ordinal) ? name : name[..(name.LastIndexOf('.') + 1)];

    private static IEnumerable<string> Together(IGrouping<string, string> layer) => layer.Key.Length == 0 || layer.Count() == 1
        ? layer
        : [$"{layer.Key}{{{string.Join(", ", layer.Select(name => name[layer.Key.Length..]))}}}"];

    /// <summary>Reads all tensors, and only then changes the network.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="InvalidDataException">A tensor cannot be read, or holds what is no number.</exception>
    public void Load(string path)
    {
        var read = _tensors.ConvertAll(tensor => (tensor.Name, Value: Read(tensor)));
        var ruined = read.Where(tensor => tensor.Value.is_floating_point() && !tensor.Value.isfinite().all().ToBoolean()).Select(tensor => tensor.Name).ToList();
        if (ruined.Count > 0)
        {
            throw new InvalidDataException($"{path} holds numbers that are infinite or none at all: {string.Join(", ", ruined)}");
        }

        foreach (var (name, value) in read)
        {
            _network[name].copy_(value);
        }
    }

    private Tensor Read(Planned tensor)
    {
        var value = tensor.Stored.Read();
        value = Permutation(tensor.Layout) is { } permutation ? value.permute(permutation) : value;
        if (tensor.Layout == TensorLayout.Hwcm)
        {
            value = value.flatten(0, 1).unsqueeze(1);
        }

        if (tensor.Name != _stem || value.size(1) != Colours)
        {
            return value;
        }

        value = _manifest.BlueFirst ? value.flip(1) : value;
        return IsGrey ? value.sum(1, keepdim: true, type: ScalarType.Float32) : value;
    }

    private bool IsGrey => _stem is not null && _network[_stem].size(1) == 1;

    private bool Fits(Planned tensor)
    {
        var needed = _network[tensor.Name].shape;
        return ShapeOf(tensor) is { } shape
            && (shape.SequenceEqual(needed) || (tensor.Name == _stem && IsGrey && shape.SequenceEqual([needed[0], Colours, .. needed[2..]])));
    }

    private static string Renamed(Planned tensor) =>
        tensor.Stored.Name == tensor.Name ? tensor.Name : $"{tensor.Stored.Name} (there {tensor.Name})";

    private string Misshapen(Planned tensor) =>
        $"{Renamed(tensor)} ([{string.Join(", ", ShapeOf(tensor) ?? tensor.Stored.Shape)}] given, [{string.Join(", ", _network[tensor.Name].shape)}] needed)";

    // The shape in PyTorch's layout; null where the layout takes another number of dimensions.
    private static long[]? ShapeOf(Planned tensor)
    {
        var shape = tensor.Stored.Shape;
        return tensor.Layout switch
        {
            TensorLayout.Hwio when shape.Count == 4 => [shape[3], shape[2], shape[0], shape[1]],
            TensorLayout.Io when shape.Count == 2 => [shape[1], shape[0]],
            TensorLayout.Hwcm when shape.Count == 4 => [shape[2] * shape[3], 1, shape[0], shape[1]],
            TensorLayout.Same => [.. shape],
            _ => null,
        };
    }

    private static long[]? Permutation(TensorLayout layout) => layout switch
    {
        TensorLayout.Hwio => [3, 2, 0, 1],
        TensorLayout.Io => [1, 0],
        TensorLayout.Hwcm => [2, 3, 0, 1],
        _ => null,
    };

    private sealed record Planned(StoredTensor Stored, string Name, TensorLayout Layout);
}
