namespace MLNetCnn.Export;

/// <summary>libtorch's operations in ONNX (opset 18), one short method each. Arguments are numbered as in libtorch's schemas.</summary>
internal static class OnnxOperations
{
    private delegate string Convert(OnnxGraph graph, Arguments a);

    private static readonly Dictionary<string, Convert> Table = new(StringComparer.Ordinal)
    {
        ["aten::_convolution"] = Convolution,
        ["aten::convolution"] = Convolution,
        ["aten::conv2d"] = (g, a) => Convolve(g, a, a.Longs(3), a.Longs(4), a.Longs(5), a.Long(6)),
        ["aten::conv_transpose2d"] = (g, a) => Transposed(g, a, a.Longs(3), a.Longs(4), a.Longs(5), a.Long(6), a.Longs(7)),
        ["aten::batch_norm"] = BatchNorm,
        ["aten::layer_norm"] = LayerNorm,
        ["aten::linear"] = Linear,
        ["aten::addmm"] = (g, a) => g.Add("Add", [g.Add("MatMul", [a.Name(1), a.Name(2)]), a.Name(0)]),
        ["aten::matmul"] = (g, a) => g.Add("MatMul", [a.Name(0), a.Name(1)]),
        ["aten::mm"] = (g, a) => g.Add("MatMul", [a.Name(0), a.Name(1)]),

        ["aten::relu"] = (g, a) => g.Add("Relu", [a.Name(0)]),
        ["aten::relu6"] = (g, a) => g.Add("Clip", [a.Name(0), g.Scalar(0), g.Scalar(6)]),
        ["aten::hardtanh"] = Clip,
        ["aten::clamp"] = Clip,
        ["aten::leaky_relu"] = (g, a) => g.Add("LeakyRelu", [a.Name(0)], ("alpha", a.Number(1))),
        ["aten::elu"] = (g, a) => g.Add("Elu", [a.Name(0)], ("alpha", a.Number(1))),
        ["aten::sigmoid"] = (g, a) => g.Add("Sigmoid", [a.Name(0)]),
        ["aten::tanh"] = (g, a) => g.Add("Tanh", [a.Name(0)]),
        ["aten::silu"] = (g, a) => g.Add("Mul", [a.Name(0), g.Add("Sigmoid", [a.Name(0)])]),
        ["aten::gelu"] = Gelu,
        ["aten::hardswish"] = (g, a) => g.Add("HardSwish", [a.Name(0)]),
        ["aten::hardsigmoid"] = (g, a) => g.Add("HardSigmoid", [a.Name(0)], ("alpha", 1.0 / 6), ("beta", 0.5)),
        ["aten::softmax"] = (g, a) => g.Add("Softmax", [a.Name(0)], ("axis", a.Dimension(1))),
        ["aten::log_softmax"] = (g, a) => g.Add("LogSoftmax", [a.Name(0)], ("axis", a.Dimension(1))),
        ["aten::exp"] = (g, a) => g.Add("Exp", [a.Name(0)]),
        ["aten::sqrt"] = (g, a) => g.Add("Sqrt", [a.Name(0)]),
        ["aten::neg"] = (g, a) => g.Add("Neg", [a.Name(0)]),

        ["aten::add"] = (g, a) => g.Add("Add", [a.Name(0), Scaled(g, a)]),
        ["aten::sub"] = (g, a) => g.Add("Sub", [a.Name(0), Scaled(g, a)]),
        ["aten::rsub"] = (g, a) => g.Add("Sub", [a.Name(1), a.Name(0)]),
        ["aten::mul"] = (g, a) => g.Add("Mul", [a.Name(0), a.Name(1)]),
        ["aten::div"] = (g, a) => g.Add("Div", [a.Name(0), a.Name(1)]),
        ["aten::pow"] = (g, a) => g.Add("Pow", [a.Name(0), a.Name(1)]),

        ["aten::max_pool2d"] = MaxPool,
        ["aten::avg_pool2d"] = AveragePool,
        ["aten::adaptive_avg_pool2d"] = AdaptiveAveragePool,
        ["aten::mean"] = (g, a) => g.Add("ReduceMean", [a.Name(0), g.Constant(Axes(a))], ("keepdims", a.Flag(2))),
        ["aten::sum"] = (g, a) => g.Add("ReduceSum", [a.Name(0), g.Constant(Axes(a))], ("keepdims", a.Flag(2))),
        ["aten::amax"] = (g, a) => g.Add("ReduceMax", [a.Name(0), g.Constant(Axes(a))], ("keepdims", a.Flag(2))),

        ["aten::flatten"] = Reshape,
        ["aten::view"] = Reshape,
        ["aten::reshape"] = Reshape,
        ["aten::unsqueeze"] = Reshape,
        ["aten::squeeze"] = Reshape,
        ["aten::permute"] = (g, a) => g.Add("Transpose", [a.Name(0)], ("perm", Axes(a))),
        ["aten::transpose"] = Transpose,
        ["aten::t"] = (g, a) => g.Add("Transpose", [a.Name(0)], ("perm", new long[] { 1, 0 })),
        ["aten::cat"] = (g, a) => g.Add("Concat", a.Names(0), ("axis", a.Long(1))),
        ["aten::slice"] = Slice,
        ["aten::constant_pad_nd"] = (g, a) => Pad(g, a, a.Number(2)),
        ["aten::pad"] = Pad,

        // Nothing happens to the numbers of a network that is only used.
        ["aten::dropout"] = (_, a) => a.Name(0),
        ["aten::feature_dropout"] = (_, a) => a.Name(0),
        ["aten::contiguous"] = (_, a) => a.Name(0),
        ["aten::clone"] = (_, a) => a.Name(0),
        ["aten::detach"] = (_, a) => a.Name(0),
        ["aten::alias"] = (_, a) => a.Name(0),
        ["aten::to"] = (_, a) => a.Name(0),
    };

    /// <summary>The kinds that can be converted.</summary>
    public static string Known => string.Join(", ", Table.Keys.Order(StringComparer.Ordinal));

    /// <summary>The converter of <paramref name="kind"/>, or null.</summary>
    public static Func<OnnxGraph, Arguments, string>? Find(string kind) => Table.TryGetValue(kind, out var convert) ? convert.Invoke : null;

    private static string Convolution(OnnxGraph g, Arguments a) => a.Flag(6)
        ? Transposed(g, a, a.Longs(3), a.Longs(4), a.Longs(7), a.Long(8), a.Longs(5))
        : Convolve(g, a, a.Longs(3), a.Longs(4), a.Longs(5), a.Long(8));

    private static string Convolve(OnnxGraph g, Arguments a, long[] strides, long[] padding, long[] dilations, long groups) => g.Add(
        "Conv", WeightsAndBias(a), ("kernel_shape", a.ShapeOf(1).Skip(2)), ("strides", strides), ("pads", BothEnds(padding)), ("dilations", dilations), ("group", groups));

    private static string Transposed(OnnxGraph g, Arguments a, long[] strides, long[] padding, long[] outputPadding, long groups, long[] dilations) => g.Add(
        "ConvTranspose", WeightsAndBias(a), ("kernel_shape", a.ShapeOf(1).Skip(2)), ("strides", strides), ("pads", BothEnds(padding)), ("output_padding", outputPadding), ("dilations", dilations), ("group", groups));

    private static IEnumerable<string> WeightsAndBias(Arguments a) => a.Has(2) ? [a.Name(0), a.Name(1), a.Name(2)] : [a.Name(0), a.Name(1)];

    private static string BatchNorm(OnnxGraph g, Arguments a)
    {
        if (a.Flag(5))
        {
            throw new NotSupportedException("a BatchNorm without running statistics takes those of the batch: what it gives for an image depends on the others, which has no ONNX form here; make it with track_running_stats");
        }

        var channels = a.InputShape[1];
        return g.Add("BatchNormalization", [a.Name(0), Vector(1, 1), Vector(2, 0), Vector(3, 0), Vector(4, 1)], ("epsilon", a.Number(7)));

        string Vector(int index, float otherwise) =>
            a.Has(index) ? a.Name(index) : g.Constant([.. Enumerable.Repeat(otherwise, (int)channels)], [channels]);
    }

    private static string LayerNorm(OnnxGraph g, Arguments a)
    {
        var shape = (long[])((TracedConstant)a[1]).Value!;
        var scale = a.Has(2) ? a.Name(2) : g.Constant([.. Enumerable.Repeat(1f, (int)shape.Aggregate(1L, (size, length) => size * length))], shape);
        return g.Add("LayerNormalization", a.Has(3) ? [a.Name(0), scale, a.Name(3)] : [a.Name(0), scale], ("axis", -shape.Length), ("epsilon", a.Number(4)));
    }

    private static string Linear(OnnxGraph g, Arguments a)
    {
        if (a.Rank == 2)
        {
            return g.Add("Gemm", WeightsAndBias(a), ("transB", 1));
        }

        var product = g.Add("MatMul", [a.Name(0), g.Add("Transpose", [a.Name(1)], ("perm", new long[] { 1, 0 }))]);
        return a.Has(2) ? g.Add("Add", [product, a.Name(2)]) : product;
    }

    private static string Clip(OnnxGraph g, Arguments a) => g.Add(
        "Clip", [a.Name(0), a.Has(1) ? g.Scalar(a.Number(1)) : "", a.Has(2) ? g.Scalar(a.Number(2)) : ""]);

    // x · (1 + erf(x / √2)) / 2, or with tanh(√(2/π) · (x + 0.044715 · x³)) in the place of erf.
    private static string Gelu(OnnxGraph g, Arguments a)
    {
        var gate = a[1] is TracedConstant { Value: "tanh" } ? Tanh() : g.Add("Erf", [g.Add("Mul", [a.Name(0), g.Scalar(Math.Sqrt(0.5))])]);
        return g.Add("Mul", [g.Add("Mul", [a.Name(0), g.Scalar(0.5)]), g.Add("Add", [gate, g.Scalar(1)])]);

        string Tanh()
        {
            var cubed = g.Add("Mul", [g.Add("Mul", [a.Name(0), a.Name(0)]), g.Add("Mul", [a.Name(0), g.Scalar(0.044715)])]);
            return g.Add("Tanh", [g.Add("Mul", [g.Add("Add", [a.Name(0), cubed]), g.Scalar(Math.Sqrt(2 / Math.PI))])]);
        }
    }

    // The second operand of an addition, times its alpha.
    private static string Scaled(OnnxGraph g, Arguments a) =>
        a.Has(2) && a.Number(2) != 1 ? g.Add("Mul", [a.Name(1), g.Scalar(a.Number(2))]) : a.Name(1);

    private static string MaxPool(OnnxGraph g, Arguments a) => g.Add(
        "MaxPool", [a.Name(0)], ("kernel_shape", a.Longs(1)), ("strides", Strides(a)), ("pads", BothEnds(a.Longs(3))), ("dilations", a.Longs(4)), ("ceil_mode", a.Flag(5)));

    private static string AveragePool(OnnxGraph g, Arguments a) => a.Has(6)
        ? throw new NotSupportedException("an average pool with a divisor of its own has no ONNX form here: leave divisor_override out")
        : g.Add("AveragePool", [a.Name(0)], ("kernel_shape", a.Longs(1)), ("strides", Strides(a)), ("pads", BothEnds(a.Longs(3))), ("ceil_mode", a.Flag(4)), ("count_include_pad", a.Flag(5)));

    // Without strides a pool steps by its kernel.
    private static long[] Strides(Arguments a) => a.Longs(2) is { Length: > 0 } strides ? strides : a.Longs(1);

    private static string AdaptiveAveragePool(OnnxGraph g, Arguments a)
    {
        var (height, width) = (a.InputShape[2], a.InputShape[3]);
        var (rows, columns) = (a.OutputShape[2], a.OutputShape[3]);
        if (rows == 1 && columns == 1)
        {
            return g.Add("GlobalAveragePool", [a.Name(0)]);
        }

        if (height % rows == 0 && width % columns == 0)
        {
            long[] kernel = [height / rows, width / columns];
            return g.Add("AveragePool", [a.Name(0)], ("kernel_shape", kernel), ("strides", kernel));
        }

        // Windows of unequal sizes: means as matrix products, over the width and then over the height.
        var means = g.Add("MatMul", [a.Name(0), Means(g, width, columns, transposed: true)]);
        return g.Add("MatMul", [Means(g, height, rows, transposed: false), means]);
    }

    private static string Means(OnnxGraph g, long from, long to, bool transposed)
    {
        var matrix = new float[from * to];
        for (var i = 0L; i < to; i++)
        {
            var (start, end) = (i * from / to, ((i + 1) * from + to - 1) / to);
            for (var j = start; j < end; j++)
            {
                matrix[transposed ? (j * to) + i : (i * from) + j] = 1f / (end - start);
            }
        }

        return g.Constant(matrix, transposed ? [from, to] : [to, from]);
    }

    // Images are never mixed: whatever the new shape, its first dimension is the batch.
    private static string Reshape(OnnxGraph g, Arguments a)
    {
        if (a.OutputShape[0] != a.InputShape[0])
        {
            throw new NotSupportedException($"a reshape from [{string.Join(", ", a.InputShape)}] to [{string.Join(", ", a.OutputShape)}] mixes the images of a batch: keep the first dimension");
        }

        return g.Add("Reshape", [a.Name(0), g.Constant([-1, .. a.OutputShape.Skip(1)])]);
    }

    private static string Transpose(OnnxGraph g, Arguments a)
    {
        long[] order = [.. Enumerable.Range(0, a.Rank).Select(i => (long)i)];
        var (one, other) = (a.Dimension(1), a.Dimension(2));
        (order[one], order[other]) = (order[other], order[one]);
        return g.Add("Transpose", [a.Name(0)], ("perm", order));
    }

    private static string Slice(OnnxGraph g, Arguments a) => g.Add(
        "Slice", [a.Name(0), g.Constant(a.Has(2) ? a.Long(2) : 0), g.Constant(a.Has(3) ? a.Long(3) : long.MaxValue), g.Constant(a.Dimension(1)), g.Constant(a.Long(4))]);

    private static string Pad(OnnxGraph g, Arguments a) => a[2] is TracedConstant { Value: "constant" }
        ? Pad(g, a, a.Has(3) ? a.Number(3) : 0)
        : throw new NotSupportedException("padding other than with a constant has no ONNX form here");

    // libtorch lists (before, after) from the last dimension; ONNX all befores, then all afters, of the axes named.
    private static string Pad(OnnxGraph g, Arguments a, double value)
    {
        var pads = a.Longs(1).Chunk(2).ToList();
        return g.Add("Pad", [
            a.Name(0),
            g.Constant([.. pads.Select(pair => pair[0]), .. pads.Select(pair => pair[1])]),
            g.Scalar(value),
            g.Constant([.. Enumerable.Range(1, pads.Count).Select(i => (long)(a.Rank - i))])]);
    }

    private static long[] Axes(Arguments a)
    {
        var rank = a.Rank;
        return a[1] is TracedConstant { Value: long[] axes } ? [.. axes.Select(axis => axis < 0 ? axis + rank : axis)] : [];
    }

    private static long[] BothEnds(long[] padding) => [.. padding, .. padding];
}
