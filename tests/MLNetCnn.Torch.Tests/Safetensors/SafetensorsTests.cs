using System.Buffers.Binary;
using System.Text;
using MLNetCnn.Testing;

namespace MLNetCnn.Torch.Tests.Files;

public sealed class SafetensorsTests
{
    // An independent reader: the format's definition in a few lines.
    private const string Reader = """
        import struct
        with open(inputs['path'], 'rb') as f: data = f.read()
        n, = struct.unpack('<Q', data[:8])
        header = json.loads(data[8:8 + n])
        outputs = {'metadata': header.pop('__metadata__', {}), 'aligned': (8 + n) % 8 == 0}
        kinds = {'F32': np.float32, 'F64': np.float64, 'F16': np.float16, 'I64': np.int64, 'I32': np.int32, 'U8': np.uint8, 'BOOL': np.uint8}
        for name, t in header.items():
            raw = data[8 + n:][t['data_offsets'][0]:t['data_offsets'][1]]
            if t['dtype'] == 'BF16': a = (np.frombuffer(raw, np.uint16).astype(np.uint32) << 16).view(np.float32)
            else: a = np.frombuffer(raw, kinds[t['dtype']])
            outputs[name] = a.reshape(t['shape'])
        """;

    [Fact]
    public void What_is_written_an_independent_reader_reads_and_so_do_we()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        manual_seed(1);
        var tensors = new Dictionary<string, Tensor>
        {
            ["conv.weight"] = randn([5, 4, 3, 3]).to(channels_last),
            ["double"] = randn([2, 3]).to(float64),
            ["half"] = randn([7]).to(float16),
            ["bfloat"] = randn([9]).to(bfloat16),
            ["long"] = tensor<long>([1, -2, long.MaxValue]),
            ["int"] = tensor<int>([5, -6]),
            ["byte"] = tensor<byte>([0, 255]),
            ["bool"] = tensor<bool>([true, false, true]),
            ["scalar"] = tensor<float>([2.5f], []),
            ["empty"] = zeros([0, 3]),
        };
        Torch.Safetensors.Save(folder["a"], tensors, new Dictionary<string, string> { ["format"] = "pt", ["ключ"] = "a \"value\"\n" });

        var oracle = PythonOracle.Run(Reader, new() { ["path"] = folder["a"] });
        Assert.True((bool)oracle["aligned"]!);
        Assert.Equal("a \"value\"\n", (string)oracle["metadata"]!["ключ"]!);
        Assert.Equal(tensors["conv.weight"].ToArray<float>(), PythonOracle.Floats(oracle["conv.weight"]));
        Assert.Equal(tensors["bfloat"].to(float32).ToArray<float>(), PythonOracle.Floats(oracle["bfloat"]));
        Assert.Equal(tensors["half"].to(float32).ToArray<float>(), PythonOracle.Floats(oracle["half"]));
        Assert.Equal([1, -2, long.MaxValue], PythonOracle.Longs(oracle["long"]));

        using var stream = File.OpenRead(folder["a"]);
        var content = Torch.Safetensors.Read(stream, "a");
        Assert.Equal("pt", content.Metadata["format"]);
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), content.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in tensors)
        {
            var read = content.Tensors[name];
            Assert.Equal(tensor.dtype, read.dtype);
            Assert.Equal(tensor.shape, read.shape);
            Assert.Equal(tensor.to(float64).ToArray<double>(), read.to(float64).ToArray<double>());
        }
    }

    [Fact]
    public void What_PyTorchs_own_weights_hold_is_read()
    {
        using var scope = NewDisposeScope();
        var weights = Torch.Safetensors.Load(Path.Combine(SharedData.Require("weights"), Directory.EnumerateFiles(SharedData.Require("weights"), "*.safetensors", SearchOption.AllDirectories).First()));
        Assert.NotEmpty(weights);
        Assert.All(weights.Values, tensor => Assert.True(!tensor.is_floating_point() || double.IsFinite(tensor.to(float64).sum().ToDouble())));
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        Torch.Safetensors.Save(folder["a"], [new("x", ones(2))]);
        var freed = zeros(2);
        freed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Torch.Safetensors.Save(folder["a"], [new("x", freed)]));
        Assert.Equal([folder["a"]], Directory.GetFiles(folder.Path));
        Assert.Equal([1f, 1f], Torch.Safetensors.Load(folder["a"])["x"].ToArray<float>());
    }

    [Theory]
    [InlineData("", "ends within its header")]
    [InlineData("1234", "ends within its header")]
    [InlineData("[18446744073709551615]{}", "its header claims 18446744073709551615 bytes, more than the 100000000 allowed")]
    [InlineData("[50]{}", "its header claims 50 bytes, more than the file holds")]
    [InlineData("[]", "its header is not a JSON object")]
    [InlineData("[2][]", "its header is not a JSON object")]
    [InlineData("[*]{\"a\":", "Expected")]
    [InlineData("[*]{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}********", "Duplicate")]
    [InlineData("[*]{\"a\":{\"dtype\":\"F4\",\"shape\":[1],\"data_offsets\":[0,4]}}****", "tensor 'a' has the unknown dtype 'F4'")]
    [InlineData("[*]{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}****", "tensor 'a' of F32 [2] takes 8 bytes, but its data_offsets span 4")]
    [InlineData("[*]{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}****", "tensor 'a' has a shape or data_offsets that are no whole numbers")]
    [InlineData("[*]{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}****", "tensor 'a' has a shape or data_offsets that are no whole numbers")]
    [InlineData("[*]{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,9],\"data_offsets\":[0,4]}}****", "overflow")]
    [InlineData("[*]{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}********", "tensor 'a' begins at byte 4 where 0 was due")]
    [InlineData("[*]{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}******", "tensor 'b' begins at byte 2 where 4 was due")]
    [InlineData("[*]{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}**", "describes 4 bytes of tensors, but 2 follow")]
    [InlineData("[*]{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}******", "describes 4 bytes of tensors, but 6 follow")]
    [InlineData("[*]{\"__metadata__\":{\"a\":1}}", "its metadata 'a' is not a text")]
    [InlineData("[*]{\"a\":7}", "tensor 'a' is not described by an object")]
    [InlineData("[*]{\"a\":{\"shape\":[1]}}", "tensor 'a' has no dtype")]
    public void A_hostile_header_is_refused_in_one_line(string file, string problem)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a"], Build(file));
        var error = Assert.Throws<InvalidDataException>(() => Torch.Safetensors.Load(folder["a"]));
        Assert.StartsWith(folder["a"], error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    // "[n]rest": a header length, then the rest; [*] is the length of the JSON, stars after it are data.
    private static byte[] Build(string file)
    {
        if (!file.StartsWith('[') || file.IndexOf(']', StringComparison.Ordinal) is not (> 1 and var end))
        {
            return Encoding.UTF8.GetBytes(file == "[]" ? "\u0002\0\0\0\0\0\0\0[]" : file);
        }

        var rest = Encoding.UTF8.GetBytes(file[(end + 1)..]);
        var json = rest.AsSpan().TrimEnd((byte)'*').Length;
        var bytes = new byte[8 + rest.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, file[1] == '*' ? (ulong)json : ulong.Parse(file.AsSpan(1, end - 1), System.Globalization.CultureInfo.InvariantCulture));
        rest.CopyTo(bytes, 8);
        return bytes;
    }
}
