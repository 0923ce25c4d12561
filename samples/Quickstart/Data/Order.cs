using System.ComponentModel.DataAnnotations;

namespace Quickstart.Data;

public sealed class Order
{
    public int Id { get; init; }

    [MaxLength(450)]
    public required string CustomerId { get; init; }

    [MaxLength(100)]
    public required string Product { get; init; }

    public DateTime PlacedAt { get; init; }

    public DateTime? ShippedAt { get; set; }
}
