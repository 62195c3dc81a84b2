using MLNetCnn.Augmentation;
using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Augmentation;

public sealed class BatchTests
{
    private const int Images = 40;

    private static readonly AugmentationSettings Everything = new()
    {
        Transforms =
        [
            new RandomHorizontalFlip(), new RandomRotation(0.1), new RandomZoom(0.2), new RandomResizedCrop(), new ColorJitter(0.3, 0.3, 0.3, 0.1),
            new RandAugment(), new GaussianBlur(), new GaussianNoise(0.02), new RandomErasing { RandomValues = true }, new MixUp { Probability = 0.5 }, new CutMix { Probability = 0.5 },
        ],
    };

    [Fact]
    public void An_images_bits_depend_on_seed_and_place_alone_not_on_threads_or_the_cutting_of_batches()
    {
        using var images = TestImages.Create(Images);
        var threads = get_num_threads();
        try
        {
            set_num_threads(4);
            var (whole, targets) = Take(images, Everything, seed: 3, [Images]);
            set_num_threads(1);
            Assert.Equal(whole, Take(images, Everything, seed: 3, [Images]).Images);
            var (parts, partTargets) = Take(images, Everything, seed: 3, [7, 1, 20, 12]);
            Assert.Equal(whole, parts);
            Assert.Equal(targets, partTargets);
            Assert.NotEqual(whole, Take(images, Everything, seed: 4, [Images]).Images);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Fact]
    public void Channels_lie_side_by_side_where_the_network_wants_them_so()
    {
        using var images = TestImages.Create(Images);
        using var scope = NewDisposeScope();
        using var batches = new ImageBatches(images, TestImages.Scaled(images), CPU, channelsLast: true, Everything);
        var batch = batches.Take(batches.BeginEpoch(9), 0, Images).Images;
        using var planar = new ImageBatches(images, TestImages.Scaled(images), CPU, channelsLast: false, Everything);
        Assert.Equal([3 * TestImages.Height * TestImages.Width, 1, 3 * TestImages.Width, 3], batch.stride());
        Assert.Equal(planar.Take(planar.BeginEpoch(9), 0, Images).Images.ToArray<float>(), batch.contiguous().ToArray<float>());
    }

    [Fact]
    public void Doubled_data_has_every_image_once_as_it_is_and_once_changed()
    {
        using var images = TestImages.Create(Images);
        using var scope = NewDisposeScope();
        using var doubled = new ImageBatches(images, TestImages.Scaled(images), CPU, channelsLast: false, Everything with { KeepOriginals = true });
        using var plain = new ImageBatches(images, TestImages.Scaled(images), CPU, channelsLast: false);
        Assert.Equal(2 * Images, doubled.Count);
        Assert.Equal(Enumerable.Range(0, 2 * Images).Select(place => (long)place), doubled.BeginEpoch(1).ToArray<long>().Order());
        var order = doubled.InOrder();
        var originals = doubled.Take(order, Images, Images);
        Assert.Equal(plain.Take(plain.InOrder(), 0, Images).Images.ToArray<float>(), originals.Images.ToArray<float>());
        Assert.Equal(images.Labels.ToArray().Select(label => (long)label), originals.Labels.ToArray<long>());
        Assert.All(originals.Targets.ToArray<float>(), target => Assert.True(target is 0 or 1));
        var once = TestImages.Apply(images, Everything);
        doubled.BeginEpoch(1);
        Assert.Equal(once, doubled.Take(order, 0, Images).Images.ToArray<float>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Mixed_images_and_targets_are_the_papers_formula(bool cut)
    {
        using var images = TestImages.Create(Images);
        var settings = new AugmentationSettings { Transforms = [cut ? new CutMix() : new MixUp(1)] };
        var (mixed, targets) = Take(images, settings, seed: 1, [Images]);
        var plans = TestImages.Plan(images, settings);
        var size = TestImages.Height * TestImages.Width;
        for (var i = 0; i < Images; i++)
        {
            var v = Assert.Single(plans[i]).Values;
            var (other, share) = ((int)v[0], v[1]);
            for (var p = 0; p < 3 * size; p++)
            {
                var (y, x) = (p % size / TestImages.Width, p % TestImages.Width);
                var inside = cut && y >= v[2] && y < v[2] + v[4] && x >= v[3] && x < v[3] + v[5];
                var own = cut ? (inside ? 0 : 1) : share;
                var expected = ((own * At(i, p)) + ((1 - own) * At(other, p))) / 255.0;
                Assert.Equal(expected, mixed[(i * 3 * size) + p], 1e-5);
            }

            var expectedTargets = new double[3];
            expectedTargets[images.Labels[i]] += share;
            expectedTargets[images.Labels[other]] += 1 - share;
            Assert.All(Enumerable.Range(0, 3), label => Assert.Equal(expectedTargets[label], targets[(3 * i) + label], 1e-6));
        }

        double At(int image, int p) => images.Pixels(image)[(p % size * 3) + (p / size)];
    }

    [Fact]
    public void A_grid_of_copies_shows_one_image_changed_in_as_many_ways()
    {
        using var images = TestImages.Create(5);
        var grid = AugmentationPreview.Compose(images, 2, Everything);
        Assert.Equal((2 + (3 * (TestImages.Height + 2)), 2 + (3 * (TestImages.Width + 2))), (grid.Height, grid.Width));
        var still = AugmentationPreview.Compose(images, 2, new AugmentationSettings { Transforms = [new GaussianNoise(1) { Probability = 0 }] }, copies: 2, columns: 2);
        var expected = ImageGrid.Compose([images.Image(2), images.Image(2)], 2);
        Assert.Equal(expected.Pixels.ToArray(), still.Pixels.ToArray());
    }

    private static (float[] Images, float[] Targets) Take(ImageSet images, AugmentationSettings settings, long seed, int[] parts)
    {
        using var scope = NewDisposeScope();
        var augmenter = new BatchAugmenter(images, settings, TestImages.Scaled(images));
        var (pixels, targets, start) = (new List<float>(), new List<float>(), 0);
        foreach (var part in parts)
        {
            var batch = augmenter.Take(arange(Images).narrow(0, start, part), seed, channelsLast: false);
            pixels.AddRange(batch.Images.ToArray<float>());
            targets.AddRange(batch.Targets.ToArray<float>());
            start += part;
        }

        return ([.. pixels], [.. targets]);
    }
}
