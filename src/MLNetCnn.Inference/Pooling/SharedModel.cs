namespace MLNetCnn.Inference.Pooling;

/// <summary>A model and how many use it: the pool itself, until it has a newer one, and every lease. The last to leave disposes it.</summary>
internal sealed class SharedModel(ImageModel model)
{
    private int _uses = 1;

    public ImageModel Model => model;

    /// <summary>A lease, or null where the last user has left already.</summary>
    public ModelLease? TryLease()
    {
        for (var uses = Volatile.Read(ref _uses); uses > 0;)
        {
            var found = Interlocked.CompareExchange(ref _uses, uses + 1, uses);
            if (found == uses)
            {
                return new ModelLease(this);
            }

            uses = found;
        }

        return null;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            model.Dispose();
            UnusedMemory.GiveBack();
        }
    }
}
