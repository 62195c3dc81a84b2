namespace MLNetCnn.Weights.Formats;

/// <summary>The memory that tensors of a PyTorch file are views of.</summary>
/// <param name="Key">What the file calls it.</param>
/// <param name="Type">The type of its elements.</param>
internal sealed record PickledStorage(string Key, ScalarType Type)
{
    /// <summary>Its number of elements as the pickle says.</summary>
    public required long Count { get; init; }
}

/// <summary>A tensor as a pickle describes it: a view of a storage, checked to lie within it.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>The view of <paramref name="storage"/>'s elements that this tensor is.</summary>
    public Tensor Of(Tensor storage)
    {
        using var scope = NewDisposeScope();
        var count = TensorBytes.Count(Shape);
        if (count == 0 || IsRowMajor)
        {
            return scope.MoveToOuter(storage.narrow(0, Offset, count).view(Shape));
        }

        var positions = full([1], Offset, ScalarType.Int64);
        for (var i = 0; i < Shape.Length; i++)
        {
            positions = positions.unsqueeze(-1) + (arange(Shape[i]) * Strides[i]);
        }

        return scope.MoveToOuter(storage.index_select(0, positions.flatten()).view(Shape));
    }

    private bool IsRowMajor
    {
        get
        {
            var expected = 1L;
            for (var i = Shape.Length - 1; i >= 0; expected *= Shape[i], i--)
            {
                if (Shape[i] != 1 && Strides[i] != expected)
                {
                    return false;
                }
            }

            return true;
        }
    }
}

/// <summary>
/// The few names that a state of tensors needs. Whatever else a pickle asks for is refused by its name: a pickle can ask for any
/// function of Python, such as the one that runs shell commands.
/// </summary>
internal static class PickledTensors
{
    private static readonly Dictionary<string, ScalarType> Storages = new()
    {
        ["FloatStorage"] = ScalarType.Float32,
        ["DoubleStorage"] = ScalarType.Float64,
        ["HalfStorage"] = ScalarType.Float16,
        ["BFloat16Storage"] = ScalarType.BFloat16,
        ["LongStorage"] = ScalarType.Int64,
        ["IntStorage"] = ScalarType.Int32,
        ["ShortStorage"] = ScalarType.Int16,
        ["CharStorage"] = ScalarType.Int8,
        ["ByteStorage"] = ScalarType.Byte,
        ["BoolStorage"] = ScalarType.Bool,
    };

    private const int DeepestState = 8;

    // More than any memory holds, and few enough that their bytes can be counted.
    private const long MostElements = 1L << 48;

    private static readonly string[] Nests = ["state_dict", "model_state_dict", "model"];
    private static readonly string[] Prefixes = ["module.", "_orig_mod."];

    /// <summary>What a global stands for.</summary>
    /// <exception cref="InvalidDataException">It is none of the few.</exception>
    public static object Resolve(string module, string name) => (module, name) switch
    {
        ("collections", "OrderedDict") => (Unpickler.Function)OrderedDict,
        ("torch._utils", "_rebuild_tensor" or "_rebuild_tensor_v2") => (Unpickler.Function)RebuildTensor,
        ("torch._utils", "_rebuild_parameter") or ("torch.nn.parameter", "Parameter") => (Unpickler.Function)(arguments => (PickledTensor)arguments[0]!),
        ("torch", _) when Storages.TryGetValue(name, out var type) => type,
        _ => throw new InvalidDataException($"its pickle asks for {module}.{name}, which is refused: only tensors in dicts are read and nothing is run. "
            + "Where the file is trustworthy, save the network's state_dict() alone, or as safetensors"),
    };

    /// <summary>What a persistent id, <c>('storage', type, key, device, count, …)</c>, stands for.</summary>
    public static PickledStorage Storage(object? id)
    {
        var parts = (object?[])id!;
        if (parts is not ["storage", ScalarType type, string key, _, long count and >= 0 and <= MostElements, ..])
        {
            throw new InvalidDataException("its pickle refers to a storage in an unknown way");
        }

        return parts is [_, _, _, _, _, not null, ..]
            ? throw new InvalidDataException($"its storage {key} is a part of another one, as very old versions of PyTorch wrote: save it again with a later one")
            : new PickledStorage(key, type) { Count = count };
    }

    /// <summary>The tensors of a state by name, wherever training programs put it: at the top, or under <c>state_dict</c> or <c>model</c>.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static IReadOnlyList<KeyValuePair<string, PickledTensor>> State(object? root)
    {
        // Dictionaries may hold each other: nobody looks deeper than training programs put a state.
        for (var (dict, depth) = (root as PickledDict, 0); dict is not null && depth < DeepestState; depth++)
        {
            var tensors = dict.Items.Where(item => item is { Key: string, Value: PickledTensor }).Select(item => KeyValuePair.Create((string)item.Key!, (PickledTensor)item.Value!)).ToList();
            if (tensors.Count > 0)
            {
                return WithoutPrefix(tensors);
            }

            var outer = dict;
            dict = Nests.Select(name => outer.Items.LastOrDefault(item => item.Key is string key && key == name).Value).OfType<PickledDict>().FirstOrDefault();
        }

        throw new InvalidDataException("it holds no tensors by name: neither itself nor under 'state_dict' or 'model'");
    }

    // nn.DataParallel and torch.compile call a network's tensors so.
    private static List<KeyValuePair<string, PickledTensor>> WithoutPrefix(List<KeyValuePair<string, PickledTensor>> tensors)
    {
        while (Prefixes.FirstOrDefault(prefix => tensors.All(tensor => tensor.Key.StartsWith(prefix, StringComparison.Ordinal))) is { } common)
        {
            tensors = [.. tensors.Select(tensor => KeyValuePair.Create(tensor.Key[common.Length..], tensor.Value))];
        }

        return tensors;
    }

    private static PickledDict OrderedDict(object?[] arguments)
    {
        var dict = new PickledDict();
        foreach (var item in arguments.Length == 0 ? [] : (List<object?>)arguments[0]!)
        {
            dict.Items.Add(item switch
            {
                object?[] { Length: 2 } pair => new(pair[0], pair[1]),
                List<object?> { Count: 2 } pair => new(pair[0], pair[1]),
                _ => throw new InvalidDataException("its pickle is damaged: an OrderedDict is made of something else than pairs"),
            });
        }

        return dict;
    }

    private static PickledTensor RebuildTensor(object?[] arguments)
    {
        var tensor = new PickledTensor((PickledStorage)arguments[0]!, (long)arguments[1]!, Lengths(arguments[2]), Lengths(arguments[3]));
        if (tensor.Offset < 0 || tensor.Shape.Length != tensor.Strides.Length || tensor.Shape.Concat(tensor.Strides).Any(length => length < 0) || TensorBytes.Count(tensor.Shape) > int.MaxValue || LastElement(tensor) >= tensor.Storage.Count)
        {
            throw new InvalidDataException($"its pickle describes a tensor [{string.Join(", ", tensor.Shape)}] that reaches beyond the {tensor.Storage.Count} elements of its storage {tensor.Storage.Key}");
        }

        return tensor;
    }

    private static long LastElement(PickledTensor tensor) => tensor.Shape.Contains(0)
        ? tensor.Offset - 1
        : tensor.Shape.Zip(tensor.Strides).Aggregate(tensor.Offset, (last, dimension) => checked(last + ((dimension.First - 1) * dimension.Second)));

    private static long[] Lengths(object? tuple) => [.. ((object?[])tuple!).Cast<long>()];
}
