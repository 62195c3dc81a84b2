using MLNetCnn.Testing;

namespace MLNetCnn.Inference.Tests;

/// <summary>Graphs that ask for more than a classifier may: files beside them, operators of others.</summary>
public class HostileGraphTests
{
    // The wire format of ONNX's protobuf, by hand: no tool writes such files.
    private const string Graphs = """
        import struct
        def varint(n):
            out = b''
            while n > 127: out, n = out + bytes([n & 127 | 128]), n >> 7
            return out + bytes([n])
        def field(number, value):
            if isinstance(value, int): return varint(number << 3) + varint(value)
            value = value.encode() if isinstance(value, str) else value
            return varint(number << 3 | 2) + varint(len(value)) + value
        def node(op, inputs, outputs, *attributes, domain=''):
            return b''.join(field(1, i) for i in inputs) + b''.join(field(2, o) for o in outputs) + field(4, op) + b''.join(field(5, a) for a in attributes) + (field(7, domain) if domain else b'')
        def integer(name, value): return field(1, name) + field(3, value) + field(20, 2)
        def integers(name, *values): return field(1, name) + b''.join(field(8, v) for v in values) + field(20, 7)
        def value_info(name, element, *sizes):
            shape = b''.join(field(1, field(1, s) if isinstance(s, int) else field(2, s)) for s in sizes)
            return field(1, name) + field(2, field(1, field(1, element) + field(2, shape)))
        def external(name, location):
            def entry(key, value): return field(13, field(1, key) + field(2, value))
            return field(1, 5) + field(2, 1) + field(8, name) + entry('location', location) + entry('offset', '0') + entry('length', '20') + field(14, 1)
        def model(nodes, initializers=(), domain=''):
            graph = b''.join(field(1, n) for n in nodes) + field(2, 'g') + b''.join(field(5, i) for i in initializers)
            graph += field(11, value_info('image', 2, 'N', 'H', 'W', 3)) + field(12, value_info('probabilities', 1, 'N', 5))
            return np.frombuffer(field(1, 7) + field(7, graph) + field(8, field(2, 13)) + (field(8, field(1, domain) + field(2, 1)) if domain else b''), np.uint8)
        zeros = field(1, 5) + field(2, 1) + field(8, 'w') + field(9, struct.pack('<5f', *[0] * 5))
        def classifier(op='Add', domain=''):
            return [node('Cast', ['image'], ['x'], integer('to', 1)), node('ReduceMean', ['x'], ['m'], integers('axes', 1, 2, 3), integer('keepdims', 0)),
                node('Unsqueeze', ['m', 'one'], ['c']), node(op, ['c', 'w'], ['y'], domain=domain), node('Softmax', ['y'], ['probabilities'], integer('axis', 1))]
        one = field(1, 1) + field(2, 7) + field(8, 'one') + field(9, struct.pack('<q', 1))
        outputs = {
            'sound': model(classifier(), [zeros, one]),
            'custom': model(classifier('Launch', 'com.example'), [zeros, one], 'com.example'),
            'unknown': model(classifier('Launch'), [zeros, one]),
            'beside': model(classifier('Max'), [external('w', weights), one]),
            'above': model(classifier('Max'), [external('w', '../' + weights), one]),
            'absolute': model(classifier('Max'), [external('w', '/etc/passwd'), one]),
            'device': model(classifier('Max'), [external('w', '/dev/zero'), one]),
        }
        """;

    // No file of anybody's.
    private readonly string _weights = $"weights-{Guid.NewGuid():N}.bin";

    [Fact]
    public void External_data_and_foreign_operators_are_refused_at_loading()
    {
        var graphs = PythonOracle.Run($"weights = '{_weights}'\n" + Graphs);
        using (var sound = Load(graphs["sound"]))
        {
            Assert.Equal(0.2f, sound.Predict(TestModel.Cases[0].Image(0)).Probability, 1e-6f);
        }

        // There is such a file in the folder that the process runs in, where ONNX Runtime would look for it.
        File.WriteAllBytes(_weights, new byte[20]);
        try
        {
            foreach (var (name, graph) in graphs.Where(graph => graph.Key != "sound"))
            {
                var refused = Assert.Throws<ModelFormatException>(() => Load(graph)).Message;
                Assert.DoesNotContain('\n', refused);
                Assert.Contains(name is "custom" or "unknown" ? "Launch" : "xternal data", refused, StringComparison.Ordinal);
            }
        }
        finally
        {
            File.Delete(_weights);
        }
    }

    private static ImageModel Load(System.Text.Json.Nodes.JsonNode? graph) => TestModel.Load(TestModel.Package with { Onnx = PythonOracle.Bytes(graph) });
}
