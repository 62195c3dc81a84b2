using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch;

/// <summary>A value in a traced graph.</summary>
public abstract record TracedValue;

/// <summary>A tensor that is computed: the image, or an output of a node.</summary>
/// <param name="Number">Its number, unique in the graph.</param>
/// <param name="Shape">The shape it had in the run.</param>
public sealed record TracedTensor(long Number, IReadOnlyList<long> Shape) : TracedValue;

/// <summary>A parameter or buffer of the network.</summary>
/// <param name="Name">Its dotted path in the network.</param>
/// <param name="Tensor">The network's own tensor.</param>
public sealed record TracedParameter(string Name, Tensor Tensor) : TracedValue;

/// <summary>A constant.</summary>
/// <param name="Value">null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, <c>long[]</c>, <c>double[]</c> or <see cref="Tensor"/>.</param>
public sealed record TracedConstant(object? Value) : TracedValue;

/// <summary>A list that holds computed tensors, parameters or mixed constants.</summary>
/// <param name="Items">The items.</param>
public sealed record TracedList(IReadOnlyList<TracedValue> Items) : TracedValue;

/// <summary>An operation.</summary>
/// <param name="Kind">libtorch's name for it, such as <c>aten::relu</c>; in-place operations bear the name of their plain form.</param>
/// <param name="Inputs">Its arguments, in the order of libtorch's schema.</param>
/// <param name="Outputs">Its results.</param>
public sealed record TracedNode(string Kind, IReadOnlyList<TracedValue> Inputs, IReadOnlyList<TracedTensor> Outputs);

/// <summary>A forward pass as plain data: what was computed, in order.</summary>
/// <param name="Nodes">The operations, each after those it needs; constants and lists stand in their arguments.</param>
/// <param name="Input">The network's input.</param>
/// <param name="Output">The network's output.</param>
public sealed record TracedGraph(IReadOnlyList<TracedNode> Nodes, TracedTensor Input, TracedTensor Output);
