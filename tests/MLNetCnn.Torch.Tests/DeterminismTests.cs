using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Tests;

/// <summary>Same seed, same bits.</summary>
public class DeterminismTests
{
    [Fact]
    public void The_same_seed_gives_the_same_bits()
    {
        Assert.Equal(Run(), Run());

        static float[] Run()
        {
            manual_seed(5);
            return Train();
        }
    }

    [Fact]
    public void Workers_with_their_own_generators_give_the_same_bits_side_by_side_as_one_after_another()
    {
        var alone = Enumerable.Range(0, 2).Select(worker => Start(worker)).Select(start =>
        {
            start.Thread.Start();
            start.Thread.Join();
            return start.Result();
        }).ToArray();
        for (var repetition = 0; repetition < 3; repetition++)
        {
            var together = Enumerable.Range(0, 2).Select(worker => Start(worker)).ToArray();
            Array.ForEach(together, start => start.Thread.Start());
            Array.ForEach(together, start => start.Thread.Join());
            Assert.Equal(alone, together.Select(start => start.Result()));
        }

        Assert.NotEqual(alone[0], alone[1]);

        static (Thread Thread, Func<float[]> Result) Start(int seed)
        {
            float[] weights = [];
            return (new Thread(() =>
            {
                set_thread_num_threads(1);
                set_thread_generator(seed);
                weights = Train();
            }), () => weights);
        }
    }

    [Fact]
    public void Threads_can_be_set_for_one_thread_alone()
    {
        var (all, inside) = (get_num_threads(), 0);
        var thread = new Thread(() =>
        {
            set_thread_num_threads(1);
            inside = get_num_threads();
        });
        thread.Start();
        thread.Join();
        Assert.Equal(1, inside);
        Assert.Equal(Environment.ProcessorCount, all);
        Assert.Equal(all, get_num_threads());
    }

    private static float[] Train()
    {
        using var scope = NewDisposeScope();
        using var net = Sequential(Conv2d(1, 8, 3), BatchNorm2d(8), ReLU(), Dropout(0.5), MaxPool2d(2), Flatten(), Linear(8 * 49, 4));
        var images = rand([32, 1, 16, 16]);
        var labels = randint(0, 4, [32]);
        for (var step = 0; step < 10; step++)
        {
            net.zero_grad();
            functional.cross_entropy(net.call(images), labels).backward();
            using var _ = no_grad();
            foreach (var parameter in net.parameters())
            {
                parameter.sub_(parameter.grad!, 0.05);
            }
        }

        return [.. net.parameters().SelectMany(parameter => parameter.detach().ToArray<float>())];
    }
}
