using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Tests;

/// <summary>Who frees what.</summary>
public class MemoryTests
{
    [Fact]
    public void A_scope_frees_what_was_made_in_it_save_what_was_moved_out()
    {
        var before = live_handles;
        Tensor kept, detached;
        using (var outer = NewDisposeScope())
        {
            using (var inner = NewDisposeScope())
            {
                kept = (ones([2]) + 1).MoveToOuterDisposeScope();
                detached = zeros([2]).DetachFromDisposeScope();
                using var early = ones([3]);
                Assert.Equal(2, inner.DisposablesCount);
                Assert.Equal(before + 4, live_handles);
            }

            Assert.Equal([2f, 2], kept.ToArray<float>());
            Assert.Equal(1, outer.DisposablesCount);
        }

        Assert.True(kept.IsInvalid);
        Assert.Throws<ObjectDisposedException>(() => kept.sum());
        Assert.Equal([0f, 0], detached.ToArray<float>());
        detached.Dispose();
        detached.Dispose();
        Assert.Equal(before, live_handles);
    }

    [Fact]
    public void A_scope_belongs_to_the_thread_that_opened_it()
    {
        using var scope = NewDisposeScope();
        var elsewhere = new Thread(() => Assert.Throws<InvalidOperationException>(scope.Dispose));
        elsewhere.Start();
        elsewhere.Join();
        using var tensor = ones([1]);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void A_module_outlives_scopes_and_frees_everything_when_disposed()
    {
        var before = live_handles;
        Module<Tensor, Tensor> net;
        using (NewDisposeScope())
        {
            net = Sequential(Conv2d(1, 2, 3), BatchNorm2d(2));
        }

        Assert.Equal(before + 7, live_handles);
        using (NewDisposeScope())
        {
            Assert.Equal([1, 2, 4, 4], net.call(ones([1, 1, 6, 6])).shape);
        }

        net.Dispose();
        Assert.Equal(before, live_handles);
    }

    [Fact]
    public void Handles_and_managed_memory_stay_flat_over_1000_training_steps()
    {
        using var net = Sequential(Conv2d(1, 4, 3), BatchNorm2d(4), ReLU(), MaxPool2d(2), Dropout(0.2), Flatten(), Linear(36, 3));
        using var loss = CrossEntropyLoss(label_smoothing: 0.1);
        using var images = rand([16, 1, 8, 8]);
        using var labels = randint(0, 3, [16]);
        var threads = get_num_threads();
        set_num_threads(1); // So small a network is faster on one, all the more beside other work.
        Step();

        // What tests before this one left to the finalizer must not go meanwhile.
        Collect();
        var (handles, memory) = (live_handles, GC.GetTotalMemory(forceFullCollection: true));
        for (var i = 0; i < 1000; i++)
        {
            Step();
        }

        set_num_threads(threads);
        Assert.Equal(handles, live_handles);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 256 * 1024);

        void Step()
        {
            using var scope = NewDisposeScope();
            net.zero_grad();
            loss.call(net.call(images), labels).backward();
            using var _ = no_grad();
            foreach (var parameter in net.parameters())
            {
                parameter.sub_(parameter.grad!, 0.01);
            }
        }
    }

    [Fact]
    public void A_tensor_over_foreign_memory_keeps_its_owner_and_sees_its_changes()
    {
        var memory = Marshal.AllocHGlobal(6);
        try
        {
            var (owner, view) = Make(memory);
            Marshal.WriteByte(memory, 5, 9);
            Collect();
            Assert.True(owner.IsAlive);
            using (var last = view[2])
            {
                Assert.Equal(9, last.item<byte>());
            }

            view.Dispose();
            Collect();
            Assert.False(owner.IsAlive);
        }
        finally
        {
            Marshal.FreeHGlobal(memory);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static (WeakReference Owner, Tensor View) Make(nint memory)
        {
            var owner = new object();
            using var whole = from_blob(memory, [2, 3], uint8, owner);
            return (new WeakReference(owner), whole[1]);
        }
    }

    [Fact]
    public void The_finalizer_frees_what_nobody_disposed()
    {
        Collect();
        var before = live_handles;
        Forget();
        Collect();
        Assert.Equal(before, live_handles);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget() => ones([4]).add(1);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
