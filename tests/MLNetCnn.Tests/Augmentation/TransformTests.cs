using System.Text.Json.Nodes;

using MLNetCnn.Augmentation;
using MLNetCnn.Imaging;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Augmentation;

public sealed class TransformTests
{
    private const int Images = 12;

    // torchvision's functional transforms on float images, with what was drawn here. All moves are one sampling; grid_sample knows
    // the fills that torchvision's own affine does not, and its own fill weighs the image's edge twice.
    private const string Torchvision = """
        import torch, math
        import torchvision.transforms.functional as F
        try:
            import torchvision.transforms._functional_tensor as T
        except ImportError:
            import torchvision.transforms.functional_tensor as T
        from torchvision.transforms import InterpolationMode as I
        def inverse(kind, v, w, h):
            deg = lambda t: math.degrees(math.atan(t))
            def m(angle=0., translate=(0., 0.), shear=(0., 0.), center=(0., 0.)):
                return np.array(F._get_inverse_affine_matrix(list(center), angle, list(translate), 1.0, list(shear)) + [0, 0, 1]).reshape(3, 3)
            if kind == 'HorizontalFlip': return np.diag([-1., 1, 1])
            if kind == 'VerticalFlip': return np.diag([1., -1, 1])
            if kind == 'Rotation': return m(angle=-v[0])
            if kind == 'Translation': return m(translate=(v[1], v[0]))
            if kind == 'Crop': return m(translate=(-v[1], -v[0]))
            if kind == 'Zoom': return np.diag([v[1], v[0], 1])
            if kind == 'Shear': return m(shear=(deg(v[0]), deg(v[1])), center=(v[2], v[3]))
        def moved(img, matrix, fill, mode):
            h, w = img.shape[-2:]
            row = matrix[:2].reshape(-1).tolist()
            if fill[0] == 'Constant': return T.affine(img - fill[1], row, mode) + fill[1]
            grid = T._gen_affine_grid(torch.tensor(row).reshape(1, 2, 3), w, h, w, h)
            return torch.nn.functional.grid_sample(img[None], grid, mode=mode, padding_mode={'Reflect': 'reflection', 'Edge': 'border'}[fill[0]], align_corners=False)[0]
        def changed(img, kind, v, mode):
            c, h, w = img.shape
            if kind == 'ResizedCrop': return F.resized_crop(img, *[int(x) for x in v[:4]], [h, w], I(mode))
            if kind == 'Brightness': return F.adjust_brightness(img, v[0])
            if kind == 'Contrast': return F.adjust_contrast(img, v[0])
            if kind == 'Saturation': return F.adjust_saturation(img, v[0])
            if kind == 'Hue': return F.adjust_hue(img, v[0])
            if kind == 'GaussianBlur': return F.gaussian_blur(img, [int(v[0])] * 2, [v[1]] * 2)
            if kind == 'Erasing': return F.erase(img, *[int(x) for x in v[:4]], torch.tensor(v[4]))
            raise ValueError(kind)
        outputs = {}
        for case in inputs['cases']:
            worst = 0.
            for pixels, plan, ours in zip(case['images'], case['plans'], case['ours']):
                img = torch.from_numpy(pixels).permute(2, 0, 1).float() / 255
                h, w = img.shape[-2:]
                matrix = np.eye(3)
                for kind, v in plan:
                    step = inverse(kind, v, w, h)
                    if step is None: img = changed(img, kind, v, case['mode'])
                    else: matrix = matrix @ step
                if (matrix != np.eye(3)).any(): img = moved(img, matrix, case['fill'], case['mode'])
                worst = max(worst, (img - torch.from_numpy(ours)).abs().max().item())
            outputs[case['name']] = worst
        """;

    [Fact]
    public void Every_transform_does_what_torchvision_does_with_the_values_it_drew()
    {
        var geometric = new GeometricTransform[]
        {
            new RandomRotation(0.5), new RandomTranslation(0.4, 0.3), new RandomZoom(0.6), new RandomZoom(0.3, 0.8), new RandomShear(0.4, 0.3), new RandomCrop(5),
        };
        var cases = new JsonArray();
        foreach (var mode in Enum.GetValues<FillMode>())
        {
            foreach (var transform in geometric)
            {
                Add(cases, $"{transform} {mode}", transform with { FillMode = mode, FillValue = mode == FillMode.Constant ? 0.4 : 0 });
            }

            // One sampling for a chain, whose fills agree.
            Add(cases, $"chain {mode}", new RandomHorizontalFlip(), new RandomRotation(0.1) { FillMode = mode }, new RandomVerticalFlip(), new RandomZoom(0.2) { FillMode = mode }, new RandomTranslation(0.2, 0.2) { FillMode = mode });
        }

        foreach (var transform in new Transform[]
        {
            new RandomHorizontalFlip(), new RandomVerticalFlip(), new RandomResizedCrop(), new RandomResizedCrop { Interpolation = Interpolation.Bilinear, Probability = 0.5 },
            new RandomBrightness(0.8), new RandomContrast(0.8), new RandomSaturation(0.9), new RandomHue(0.5), new ColorJitter(0.5, 0.5, 0.5, 0.3),
            new GaussianBlur(3), new GaussianBlur(9, 0.5, 5), new RandomErasing { Probability = 1, Value = 0.3 },
        })
        {
            Add(cases, $"{transform}", transform);
        }

        Add(cases, "grey", 1, new RandomContrast(0.8), new RandomBrightness(0.3), new RandomSaturation(0.5), new RandomHue(0.3), new GaussianBlur(5));
        var outputs = PythonOracle.Run(Torchvision, new JsonObject { ["cases"] = cases });
        Assert.All(outputs, worst => Assert.True((double)worst.Value! < 1e-4, $"{worst.Key} differs by {worst.Value}"));
        Assert.Equal(cases.Count, outputs.Count);
    }

    [Fact]
    public void Moving_by_the_nearest_pixel_moves_whole_pixels()
    {
        using var images = TestImages.Create(Images);
        var settings = new AugmentationSettings { Transforms = [new RandomRotation(0.3) { Interpolation = Interpolation.Nearest, FillMode = FillMode.Constant }] };
        var values = TestImages.Apply(images, settings);
        var size = TestImages.Height * TestImages.Width;
        for (var i = 0; i < Images; i++)
        {
            var colours = Enumerable.Range(0, size).Select(p => (images.Pixels(i)[3 * p], images.Pixels(i)[(3 * p) + 1], images.Pixels(i)[(3 * p) + 2])).Append(default).ToHashSet();
            byte At(int image, int channel, int p) => (byte)MathF.Round(255 * values[(((image * 3) + channel) * size) + p]);
            Assert.All(Enumerable.Range(0, size), p => Assert.Contains((At(i, 0, p), At(i, 1, p), At(i, 2, p)), colours));
        }
    }

    private static void Add(JsonArray cases, string name, params Transform[] transforms) => Add(cases, name, 3, transforms);

    private static void Add(JsonArray cases, string name, int channels, params Transform[] transforms)
    {
        using var images = TestImages.Create(Images, channels);
        var settings = new AugmentationSettings { Transforms = transforms };
        var values = TestImages.Apply(images, settings);
        var style = transforms.OfType<GeometricTransform>().FirstOrDefault();
        cases.Add(new JsonObject
        {
            ["name"] = name,
            ["images"] = PythonOracle.Array(Enumerable.Range(0, Images).SelectMany(i => images.Pixels(i).ToArray()).ToArray(), Images, TestImages.Height, TestImages.Width, channels),
            ["ours"] = PythonOracle.Array(values, Images, channels, TestImages.Height, TestImages.Width),
            ["plans"] = AsJson(TestImages.Plan(images, settings)),
            ["mode"] = "bilinear",
            ["fill"] = new JsonArray($"{style?.FillMode ?? FillMode.Reflect}", style?.FillValue ?? 0),
        });
    }

    internal static JsonArray AsJson(IEnumerable<IReadOnlyList<AugmentationOperation>> plans) => new([.. plans.Select(plan => new JsonArray(
        [.. plan.Select(operation => new JsonArray($"{operation.Kind}", new JsonArray([.. operation.Values.Select(value => JsonValue.Create(value))])))]))]);
}
