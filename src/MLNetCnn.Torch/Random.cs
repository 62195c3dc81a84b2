namespace MLNetCnn.Torch;

public static partial class torch
{
    /// <summary>
    /// Seeds libtorch's generators (processor and GPUs), from which the calling thread draws from now on. The same seed on the
    /// same machine with the same number of threads gives the same bits.
    /// </summary>
    public static void manual_seed(long seed) => Check(mnc_manual_seed((ulong)seed));

    /// <summary>
    /// Gives the calling thread a generator of its own for all that it draws, on the processor and on a GPU, so that workers side by
    /// side draw the same numbers in every run.
    /// </summary>
    public static void set_thread_generator(long seed) => Check(mnc_set_thread_generator((ulong)seed));

    /// <summary>Lets the calling thread draw from libtorch's common generator again.</summary>
    public static void clear_thread_generator() => Check(mnc_clear_thread_generator());

    public partial class Tensor
    {
        /// <summary>Overwrites with normal numbers.</summary>
        /// <returns>This tensor.</returns>
        public Tensor normal_(double mean = 0, double stddev = 1)
        {
            Check(mnc_normal_(this, mean, stddev));
            return this;
        }

        /// <summary>Overwrites with uniform numbers in <c>[from, to)</c>.</summary>
        /// <returns>This tensor.</returns>
        public Tensor uniform_(double from = 0, double to = 1)
        {
            Check(mnc_uniform_(this, from, to));
            return this;
        }

        /// <summary>Overwrites with ones at probability <paramref name="p"/>, and zeros.</summary>
        /// <returns>This tensor.</returns>
        public Tensor bernoulli_(double p = 0.5)
        {
            Check(mnc_bernoulli_(this, p));
            return this;
        }
    }
}
