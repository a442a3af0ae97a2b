"""Small letters from templates: appointment, was here today, cover letter, certificate."""
