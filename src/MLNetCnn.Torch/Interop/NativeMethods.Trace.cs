using System.Runtime.InteropServices;

namespace MLNetCnn.Torch.Interop;

/// <summary>native/trace.cpp.</summary>
internal static partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int mnc_trace(ReadOnlySpan<nint> inputs, long count, nint forward, out nint trace);

    [LibraryImport(Library)]
    internal static partial void mnc_trace_dispose(nint trace);

    [LibraryImport(Library)]
    internal static partial int mnc_trace_counts(nint trace, out long nodes, out long inputs, out long outputs);

    [LibraryImport(Library)]
    internal static partial int mnc_trace_ends(nint trace, Span<long> inputs, Span<long> outputs);

    [LibraryImport(Library)]
    internal static partial int mnc_trace_node(nint trace, long node, out nint name, out long inputs, out long outputs);

    [LibraryImport(Library)]
    internal static partial int mnc_trace_node_values(nint trace, long node, Span<long> inputs, Span<long> outputs);

    [LibraryImport(Library)]
    internal static partial int mnc_trace_value_shape(nint trace, long value, Span<long> sizes, long room, out long rank);

    [LibraryImport(Library)]
    internal static partial int mnc_trace_constant_kind(nint trace, long node, out int kind, out long length);

    [LibraryImport(Library)]
    internal static partial int mnc_trace_constant_longs(nint trace, long node, Span<long> values);

    [LibraryImport(Library)]
    internal static partial int mnc_trace_constant_doubles(nint trace, long node, Span<double> values);

    [LibraryImport(Library)]
    internal static partial int mnc_trace_constant_text(nint trace, long node, out nint text);

    [LibraryImport(Library)]
    internal static partial int mnc_trace_constant_tensor(nint trace, long node, out nint tensor);
}
