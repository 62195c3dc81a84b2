using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using MLNetCnn.Testing;
using MLNetCnn.Weights.Formats;

namespace MLNetCnn.Tests.Weights;

public sealed class PyTorchFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_type_and_every_view_that_PyTorch_saves_is_read_as_PyTorch_has_it(bool zip)
    {
        var expected = Save(
            """
            import torch
            from collections import OrderedDict
            torch.manual_seed(1)
            base = torch.randn(4, 6, 3, 5)
            ints = torch.arange(-60, 60).reshape(4, 6, 5)
            state = OrderedDict()
            for t in ('float32', 'float64', 'float16', 'bfloat16'): state[t] = base.to(getattr(torch, t))
            for t in ('int64', 'int32', 'int16', 'int8', 'uint8', 'bool'): state[t] = ints.to(getattr(torch, t))
            state['whole'] = base
            state['view'] = base[1:3]
            state['transposed'] = base.transpose(0, 2)
            state['strided'] = base[::2, 1::3, :, 2:]
            state['channels_last'] = base.contiguous(memory_format=torch.channels_last)
            state['expanded'] = torch.tensor([[2.], [3.]]).expand(2, 4)
            state['half_strided'] = base.half()[:, ::2]
            state['scalar'] = torch.tensor(7.5)
            state['empty'] = torch.zeros(0, 3)
            state['parameter'] = torch.nn.Parameter(base[0])
            state._metadata = OrderedDict({'': {'version': 1}})
            saved = state
            """,
            zip);
        using var scope = NewDisposeScope();
        using var file = PyTorchFile.Open(_folder["saved.pth"]);
        Assert.Equal(expected["names"]!.AsArray().Select(name => (string)name!), file.Tensors.Select(tensor => tensor.Name));
        foreach (var tensor in file.Tensors)
        {
            var read = tensor.Read();
            Assert.Equal(expected["types"]![tensor.Name]!.ToString(), tensor.DType switch { ScalarType.Byte => "uint8", var other => other.ToString().ToLowerInvariant() });
            Assert.Equal(tensor.DType, read.dtype);
            Assert.Equal(expected["shapes"]![tensor.Name]!.AsArray().Select(length => (long)length!), read.shape);
            Assert.Equal(tensor.Shape, read.shape);
            Assert.Equal(PythonOracle.Floats(expected["values"]![tensor.Name]), read.to(ScalarType.Float32).ToArray<float>());
        }
    }

    [Theory]
    [InlineData("{'state_dict': net.state_dict(), 'epoch': 3, 'best': 0.5, 'classes': ['a', 'b'], 'nothing': None}")]
    [InlineData("{'model': torch.nn.DataParallel(net).state_dict()}")]
    [InlineData("{'module.' + k: v for k, v in net.state_dict().items()}")]
    public void A_state_is_found_where_training_programs_put_it(string saved)
    {
        Save($"import torch\nnet = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))\nsaved = {saved}");
        using var file = PyTorchFile.Open(_folder["saved.pth"]);
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked"], file.Tensors.Select(tensor => tensor.Name));
    }

    [Theory]
    [InlineData("os.system", "touch TRACE", "posix.system", true)]
    [InlineData("os.system", "touch TRACE", "posix.system", false)]
    [InlineData("eval", "open('TRACE', 'w')", "__builtin__.eval", true)]
    public void A_pickle_that_wants_to_run_something_is_refused_by_name_and_runs_nothing(string function, string argument, string refused, bool zip)
    {
        argument = argument.Replace("TRACE", _folder["trace"], StringComparison.Ordinal);
        Save(
            $$"""
            import torch, os
            class Evil:
                def __reduce__(self): return ({{function}}, ("{{argument}}",))
            saved = {'weight': torch.ones(2), 'evil': Evil()}
            """,
            zip,
            describe: false);
        var error = Assert.Throws<InvalidDataException>(() => PyTorchFile.Open(_folder["saved.pth"]));
        Assert.StartsWith(_folder["saved.pth"], error.Message, StringComparison.Ordinal);
        Assert.Contains($"asks for {refused}, which is refused", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["trace"]));
    }

    [Fact]
    public void A_whole_network_instead_of_its_state_is_refused_by_name()
    {
        Save("import torch\nsaved = torch.nn.Linear(2, 3)", describe: false);
        Assert.Contains("torch.nn.modules.linear.Linear", Assert.Throws<InvalidDataException>(() => PyTorchFile.Open(_folder["saved.pth"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(storage, 0, (1000,), (1,), False, {})")]
    [InlineData("(storage, 8, (3,), (1,), False, {})")]
    [InlineData("(storage, -1, (3,), (1,), False, {})")]
    [InlineData("(storage, 0, (3, 2**62, 8), (1, 0, 0), False, {})")]
    [InlineData("(storage, 0, (2, 2), (9, 1), False, {})")]
    public void A_tensor_that_reaches_beyond_its_storage_is_refused(string arguments)
    {
        Save(
            $$"""
            import torch
            storage = torch.arange(10.).storage()
            class Rebuilt:
                def __reduce__(self): return (torch._utils._rebuild_tensor_v2, {{arguments}})
            saved = {'weight': Rebuilt()}
            """,
            describe: false);
        using var scope = NewDisposeScope();
        Assert.Throws<InvalidDataException>(() =>
        {
            using var file = PyTorchFile.Open(_folder["saved.pth"]);
            return file.Tensors[0].Read();
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_that_was_cut_short_anywhere_is_refused_by_name(bool zip)
    {
        Save("import torch\nsaved = {str(i): torch.randn(50, 7) for i in range(5)}", zip);
        var whole = File.ReadAllBytes(_folder["saved.pth"]);
        foreach (var length in Enumerable.Range(0, 40).Select(i => whole.Length * i / 40))
        {
            File.WriteAllBytes(_folder["cut.pth"], whole[..length]);
            Assert.Contains(_folder["cut.pth"], Assert.Throws<InvalidDataException>(() => ReadAll(_folder["cut.pth"])).Message, StringComparison.Ordinal);
        }
    }

    // Damage that only numbers show is found by the zip's checksums; elsewhere it must at least be an error of ours or none.
    [Fact]
    public void Changed_bytes_are_noticed_and_never_more_than_an_error()
    {
        Save("import torch\nsaved = {str(i): torch.randn(50, 7) for i in range(3)}");
        var whole = File.ReadAllBytes(_folder["saved.pth"]);
        var random = new Random(1);
        var noticed = 0;
        for (var i = 0; i < 200; i++)
        {
            var changed = whole.ToArray();
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(_folder["changed.pth"], changed);
            try
            {
                ReadAll(_folder["changed.pth"]);
            }
            catch (InvalidDataException)
            {
                noticed++;
            }
        }

        Assert.InRange(noticed, 150, 200);
    }

    [Fact]
    public void Dictionaries_that_hold_each_other_hold_no_state()
    {
        Save("import torch\nsaved = {'epoch': 3}\nsaved['state_dict'] = {'model': saved}", describe: false);
        Assert.Contains("holds no tensors by name", Assert.Throws<InvalidDataException>(() => PyTorchFile.Open(_folder["saved.pth"])).Message, StringComparison.Ordinal);
    }

    // The first tensor would be read from beyond the end of the file.
    [Fact]
    public void A_storage_that_is_described_in_two_ways_is_refused()
    {
        PythonOracle.Run(
            """
            import torch
            key = lambda tensor: str(tensor.storage()._cdata).encode()
            long = torch.ones(1000)
            # Storages are called by their addresses, which may have a digit more elsewhere in memory.
            short = next(tensor for tensor in [torch.ones(6) for _ in range(100000)] if len(key(tensor)) == len(key(long)))
            torch.save({'long': long, 'short': short}, inputs['path'], _use_new_zipfile_serialization=False)
            long, short = key(long), key(short)
            data = open(inputs['path'], 'rb').read()
            open(inputs['path'], 'wb').write(data.replace(long, short))
            outputs = {}
            """,
            new() { ["path"] = _folder["saved.pth"] });
        Assert.Contains("in two ways", Assert.Throws<InvalidDataException>(() => PyTorchFile.Open(_folder["saved.pth"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_PyTorch_file_is_said_so()
    {
        File.WriteAllText(_folder["text.pth"], "<html>not found</html>");
        Assert.Contains("begins with neither a zip nor a pickle", Refusal("text.pth"), StringComparison.Ordinal);
        using (var zip = ZipFile.Open(_folder["zip.pth"], ZipArchiveMode.Create, Encoding.UTF8))
        {
            zip.CreateEntry("archive/model.json");
        }

        Assert.Contains("without data.pkl", Refusal("zip.pth"), StringComparison.Ordinal);
        PythonOracle.Run("import pickle\npickle.dump([1, 2], open(inputs['path'], 'wb'), 2)\noutputs = {}", new() { ["path"] = _folder["list.pth"] });
        Assert.Contains("is a pickle, but no PyTorch file", Refusal("list.pth"), StringComparison.Ordinal);
        Save("import torch\nsaved = {'epoch': 3}", describe: false);
        Assert.Contains("holds no tensors by name", Refusal("saved.pth"), StringComparison.Ordinal);

        string Refusal(string name) => Assert.Throws<InvalidDataException>(() => PyTorchFile.Open(_folder[name])).Message;
    }

    public void Dispose() => _folder.Dispose();

    private static void ReadAll(string path)
    {
        using var scope = NewDisposeScope();
        using var file = PyTorchFile.Open(path);
        foreach (var tensor in file.Tensors)
        {
            tensor.Read().sum();
        }
    }

    // The code assigns what is saved to `saved`.
    private JsonObject Save(string code, bool zip = true, bool describe = true) => PythonOracle.Run(
        code + """

        torch.save(saved, inputs['path'], _use_new_zipfile_serialization=inputs['zip'])
        outputs = {}
        if inputs['describe']:
            loaded = {k: v for k, v in torch.load(inputs['path']).items() if isinstance(v, torch.Tensor)}
            outputs = {'names': list(loaded), 'types': {k: str(v.dtype)[6:] for k, v in loaded.items()}, 'shapes': {k: list(v.shape) for k, v in loaded.items()},
                       'values': {k: v.float() for k, v in loaded.items()}}
        """,
        new() { ["path"] = _folder["saved.pth"], ["zip"] = zip, ["describe"] = describe });
}
