using System.Text.Json;
using MLNetCnn.Architectures;
using MLNetCnn.Data;
using MLNetCnn.Testing;
using MLNetCnn.Weights;

namespace MLNetCnn.Tests.Weights;

public sealed class LoadingTests : IDisposable
{
    private static readonly ImageShape Photo = new(3, 64, 64);

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void A_file_that_torchvision_saved_loads_without_a_manifest_and_gives_torchvisions_logits()
    {
        var images = rand([2, 3, 64, 64]);
        var expected = PythonOracle.Run(
            """
            import torch, torchvision
            torch.manual_seed(5)
            net = torchvision.models.resnet18()
            for m in net.modules():
                if isinstance(m, torch.nn.BatchNorm2d): m.running_mean.normal_(0, .1); m.running_var.uniform_(.5, 2)
            torch.save(net.state_dict(), inputs['path'])
            with torch.no_grad(): outputs = {'logits': net.eval()(torch.from_numpy(inputs['images']))}
            """,
            new() { ["path"] = _folder["resnet18.pth"], ["images"] = PythonOracle.Array(images.ToArray<float>(), images.shape) });
        var manifest = new WeightsCatalog().Find(_folder["resnet18.pth"], "ResNet18");
        Assert.Equal(("resnet-18", 1000), (manifest.Architecture, manifest.Labels.Count));
        Assert.Equal(WeightsPreprocessing.ImageNet.Mean, manifest.Preprocessing.Mean);
        using var network = ArchitectureCatalog.Create("resnet-18", Photo, 1000, manifest.Settings);
        Fetch(manifest).Load(network);
        network.eval();
        using var untracked = no_grad();
        Assert.All(PythonOracle.Floats(expected["logits"]).Zip(network.call(images).ToArray<float>()), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
    }

    [Fact]
    public void A_backbone_leaves_the_head_out_and_its_features_are_the_whole_networks()
    {
        using var whole = Random("resnet-18", Photo, seed: 1);
        using var backbone = ArchitectureCatalog.CreateBackbone("resnet-18", Photo);
        Saved(whole).Load(backbone);
        whole.eval();
        backbone.eval();
        using var untracked = no_grad();
        var images = rand([1, 3, 64, 64]);
        Assert.Equal(((Backbone)whole).Features(images).ToArray<float>(), backbone.Features(images).ToArray<float>());
        Assert.DoesNotContain(backbone.state_dict().Keys, name => name.StartsWith("fc.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_grey_network_answers_as_the_coloured_one_does_to_grey_images()
    {
        using var colours = Random("resnet-18", Photo, seed: 2);
        using var grey = ArchitectureCatalog.Create("resnet-18", Photo with { Channels = 1 }, 7);
        Saved(colours).Load(grey);
        colours.eval();
        grey.eval();
        using var untracked = no_grad();
        var image = rand([1, 1, 64, 64]);
        Assert.All(colours.call(image.expand(-1, 3, -1, -1)).ToArray<float>().Zip(grey.call(image).ToArray<float>()), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void All_tensors_that_do_not_fit_are_named_at_once_and_the_network_stays_as_it_was()
    {
        using var donor = Random("resnet-18", Photo, seed: 3);
        var state = donor.state_dict();
        state.Remove("layer1.0.bn1.weight");
        state.Remove("layer4.1.conv2.weight");
        state.Remove("bn1.num_batches_tracked");
        state["layer2.0.conv1.weight"] = zeros([128, 64, 1, 1]);
        state["fc.bias"] = zeros([9]);
        state["extra.one"] = zeros(1);
        state["extra.two"] = zeros(1);
        using var network = Random("resnet-18", Photo, seed: 4);
        var before = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        var error = Assert.Throws<ConfigurationException>(() => Saved(state).Load(network));
        Assert.Equal(
            [
                $"{_folder["saved.safetensors"]} lacks what resnet-18 needs: layer1.0.bn1.weight, layer4.1.conv2.weight",
                $"{_folder["saved.safetensors"]} holds what resnet-18 does not know: extra.one, extra.two",
                $"{_folder["saved.safetensors"]} holds another shape than resnet-18 needs: fc.bias ([9] given, [7] needed), layer2.0.conv1.weight ([128, 64, 1, 1] given, [128, 64, 3, 3] needed)",
            ],
            error.Problems);
        Unchanged(network, before);
    }

    [Fact]
    public void Numbers_that_are_none_are_refused_and_the_network_stays_as_it_was()
    {
        using var donor = Random("resnet-18", Photo, seed: 3);
        using (no_grad())
        {
            donor.state_dict()["layer3.0.bn1.running_var"][5].copy_(tensor(float.NaN));
        }

        using var network = Random("resnet-18", Photo, seed: 4);
        var before = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        Assert.EndsWith("infinite or none at all: layer3.0.bn1.running_var", Assert.Throws<InvalidDataException>(() => Saved(donor).Load(network)).Message, StringComparison.Ordinal);
        Unchanged(network, before);
    }

    [Fact]
    public void Names_and_layouts_of_Keras_are_turned_into_PyTorchs()
    {
        var (hwio, io, hwcm) = (rand([3, 2, 3, 8]), rand([8, 5]), rand([3, 3, 8, 1]));
        Torch.Safetensors.Save(_folder["keras.safetensors"], new Dictionary<string, Tensor>
        {
            ["stem/kernel:0"] = hwio,
            ["middle/depthwise_kernel:0"] = hwcm,
            ["top/kernel:0"] = io,
            ["top/bias:0"] = rand([5]),
            ["optimizer/step"] = zeros(1),
        });
        using var network = Sequential(("stem", Conv2d(3, 8, (3L, 2L), bias: false)), ("middle", Conv2d(8, 8, 3, groups: 8, bias: false)), ("top", Linear(8, 5)));
        var manifest = Manifest("keras.safetensors") with
        {
            BlueFirst = true,
            Tensors = new TensorNames
            {
                Ignored = [new("^optimizer/")],
                Rules =
                [
                    new(new("/depthwise_kernel:0$"), ".weight", TensorLayout.Hwcm), new(new("^top/kernel:0$"), "top.weight", TensorLayout.Io),
                    new(new("/kernel:0$"), ".weight", TensorLayout.Hwio), new(new("/bias:0$"), ".bias"),
                ],
            },
        };
        Fetch(manifest).Load(network);
        var state = network.state_dict();
        Assert.Equal(hwio.permute(3, 2, 0, 1).flip(1).ToArray<float>(), state["stem.weight"].ToArray<float>());
        Assert.Equal(hwcm.permute(2, 3, 0, 1).ToArray<float>(), state["middle.weight"].ToArray<float>());
        Assert.Equal(io.t().ToArray<float>(), state["top.weight"].ToArray<float>());
    }

    [Fact]
    public void The_key_follows_the_bytes_and_the_names_but_not_the_place()
    {
        using var network = Random("resnet-18", Photo, seed: 1);
        var key = Saved(network).Key;
        File.Copy(_folder["saved.safetensors"], Path.Combine(Directory.CreateDirectory(_folder["elsewhere"]).FullName, "saved.safetensors"));
        var moved = Manifest("elsewhere/saved.safetensors");
        Assert.Equal(key, Fetch(moved).Key);
        Assert.NotEqual(key, Fetch(moved with { BlueFirst = true }).Key);
        Assert.NotEqual(key, Fetch(moved with { Settings = JsonSerializer.Deserialize<ArchitectureSettings>("""{ "width": 32 }""")! }).Key);
        using var other = Random("resnet-18", Photo, seed: 2);
        Assert.NotEqual(key, Saved(other).Key);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static Module<Tensor, Tensor> Random(string name, ImageShape input, int seed)
    {
        manual_seed(seed);
        return ArchitectureCatalog.Create(name, input, 7);
    }

    private static PretrainedWeights Fetch(WeightsManifest manifest) => PretrainedWeights.Fetch(manifest, new SourceOptions { Offline = true });

    private static void Unchanged(Module network, Dictionary<string, Tensor> before) =>
        Assert.All(network.state_dict(), entry => Assert.True(entry.Value.eq(before[entry.Key]).all().ToBoolean()));

    private PretrainedWeights Saved(Module network) => Saved(network.state_dict());

    private PretrainedWeights Saved(Dictionary<string, Tensor> state)
    {
        Torch.Safetensors.Save(_folder["saved.safetensors"], state);
        return Fetch(Manifest("saved.safetensors"));
    }

    private WeightsManifest Manifest(string file) => new WeightsCatalog().Find(_folder[file], "resnet-18");
}
